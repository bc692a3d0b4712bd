package crawl

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"slices"

	"dhtop/dhtcore/wire"
)

// How a sweep of a small network is closed.
const (
	closingMost   = 512 // nodes that answered; where there are more, no single one matters
	closingRounds = 4   // at most
	closingTries  = 3   // nodes asked for one part, until one of them answers
	closingBits   = 6   // a part is so many bits smaller than the nodes would have, at least
	closingAsks   = 4   // queries a round for each node, at most
)

// closing looks at the end of a sweep for the nodes that it missed, one by one, if the network is small: there each
// node counts, and a leaf may hold more of them than the replies for it could name. The contacts of a reply are those
// closest to its target, so one that also names a node outside the part of the keyspace that the target is in has
// named all inside. Any other part is halved.
type closing struct {
	members []wire.Contact // that answered this sweep, up to closingMost and one
	rounds  int
	found   int // new candidates in this round
	asks    int // left in this round
}

// part is a part of the keyspace: what begins with the first bits of start.
type part struct {
	start uint64
	bits  int
	tries int // nodes that did not answer for it
}

// contains reports whether a key is in the part.
func (p part) contains(key uint64) bool { return p.bits == 0 || (key^p.start)>>(keyBits-p.bits) == 0 }

// target returns a random place in the part.
func (p part) target() uint64 {
	return p.start ^ rand.Uint64()>>p.bits // 0 where all bits are taken
}

// halves returns the two parts that the part consists of.
func (p part) halves() [2]part {
	bit := uint64(1) << (keyBits - 1 - p.bits)
	return [2]part{{start: p.start, bits: p.bits + 1}, {start: p.start | bit, bits: p.bits + 1}}
}

// answered notes a node that answered.
func (c *closing) answered(node wire.Contact) {
	if len(c.members) <= closingMost {
		c.members = append(c.members, node)
	}
}

// begin reports whether another round is due, and starts it: the first, and the next while they find something.
func (c *closing) begin() bool {
	if n := len(c.members); n < 2 || n > closingMost || c.rounds >= closingRounds || c.rounds > 0 && c.found == 0 {
		return false
	}
	c.rounds++
	c.found, c.asks = 0, closingAsks*len(c.members)
	return true
}

// query returns the query for a part: to the node closest to its target, of those that did not fail for it.
func (c *closing) query(p part) (q query, ok bool) {
	if c.asks == 0 || p.tries >= min(closingTries, len(c.members)) {
		return q, false
	}
	c.asks--
	target := p.target()
	nearest := slices.Clone(c.members)
	slices.SortFunc(nearest, func(a, b wire.Contact) int { return cmp.Compare(key(a.ID)^target, key(b.ID)^target) })
	return query{to: nearest[p.tries], target: target, part: p, why: toClose, method: wire.FindNode}, true
}

// open returns what is left to ask once a query for a part has been answered with these nodes, or not.
func (c *closing) open(p part, nodes []wire.Contact, answered bool) []part {
	if !answered {
		p.tries++
		return []part{p}
	}
	outside := func(n wire.Contact) bool { return !p.contains(key(n.ID)) }
	if len(nodes) == 0 || p.bits >= bits.Len(uint(len(c.members)))+closingBits || slices.ContainsFunc(nodes, outside) {
		return nil
	}
	halves := p.halves()
	return halves[:]
}
