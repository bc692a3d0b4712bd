package crawl

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// How often nodes are recaptured. 8 contacts of one answer are 8 packets.
const (
	lureEvery  = 256  // visits, at first
	lureFew    = 256  // recaptured nodes, from which on they are seldom
	lureSeldom = 2048 // visits, then
	lureLast   = 64   // marked nodes for each of the lures that make up for it at the end, where few were caught
	lureYield  = 4    // nodes caught by a lure, at best: half of 8 contacts
	lureFrom   = 16   // a share of the key space: not before so much is settled
)

// recapture estimates how many nodes there are by mark and recapture (Lincoln and Petersen): those that
// answered the sweep are marked; now and then a node names others far away from itself, in the part that
// is settled, and these are asked whether they are there. Of those that are, the share that is marked
// is the share of all nodes that the sweep has found. Distant contacts are used as they do not depend on
// how well the sweep did where they are.
//
// What is not settled yet is left out: nodes there are about to be marked, and buckets name fewer of them, as
// a bucket that reaches beyond the head names mostly those ahead of it. With them the estimate was too low.
type recapture struct {
	visits, last int
	caught       []uint64            // nodes that are there, by fingerprint of the address
	asked        map[uint64]struct{} // by fingerprint of the address: each once
}

// begin starts the account of a sweep.
func (r *recapture) begin() { *r = recapture{asked: make(map[uint64]struct{})} }

// wants tells whether the next visit is to name nodes to recapture.
func (r *recapture) wants(settled uint64) bool {
	if settled < math.MaxUint64/lureFrom {
		return false
	}
	every := lureEvery
	if len(r.caught) >= lureFew {
		every = lureSeldom
	}
	r.visits++
	return r.visits%every == 0
}

// marked counts the nodes caught that are marked by now.
func (c *Crawl) marked(family int) (n int) {
	for _, addr := range c.catch[family].caught {
		if r := c.memory.find(addr); r != nil && r.answers() && r.asked == c.sweep.stamp() {
			n++
		}
	}
	return n
}

// makeUp asks nodes for others to recapture when the sweep has come to its end and few were caught, as in a
// small network; it tells whether it did.
func (c *Crawl) makeUp() (did bool) {
	for i := range c.fronts {
		did = c.makeUpIn(i) || did
	}
	return did
}

func (c *Crawl) makeUpIn(family int) bool {
	f, r := &c.fronts[family], &c.catch[family]
	if f.settled.end(f.place()); f.settled.place == 0 {
		return false
	}
	marks, _ := c.grid.below(f.place(), c.sweep.number, family)
	before, lack := r.last, (lureFew-len(r.caught)+lureYield-1)/lureYield
	helpers := slices.Collect(maps.Values(f.live)) // in no order
	for _, to := range append(helpers, c.known.nearest(family, f.place(), max(lack, 0))...) {
		if r.last >= marks/lureLast || r.last >= before+lack {
			break
		}
		c.errands = append(c.errands, question{to: to, addr: c.memory.print(to.Addr), self: key(to.ID),
			target: lureAt(f.place()), family: family, why: toLure, lure: true, method: wire.FindNode})
		r.last++
	}
	return r.last > before
}

// tempt asks the nodes of an answer, in the part that is settled, whether they are there. The sweep is not told
// of them: what it finds must not depend on what is caught.
func (c *Crawl) tempt(nodes []wire.Contact, q *question) {
	place, asked := c.fronts[q.family].settled.place, c.catch[q.family].asked
	for _, to := range nodes {
		addr := c.memory.print(to.Addr)
		_, again := asked[addr]
		if key(to.ID) >= place || again || !isOf(q.family, to) {
			continue
		}
		asked[addr] = struct{}{}
		c.errands = append(c.errands, question{to: to, addr: addr, self: key(to.ID), family: q.family,
			why: toRecapture, method: wire.Ping})
	}
}

// lureAt returns a place in the part that is settled.
func lureAt(settled uint64) uint64 { return rand.Uint64N(settled) }

// confidence is the width of a 95 % interval in standard deviations.
const confidence = 1.96

// sized estimates the network, when so many nodes are marked in a share of the key space, and marked of those
// caught. The interval is Wilson's for the share of nodes that is marked, with the correction for continuity
// (Newcombe 1998) that a few unmarked ones ask for, widened by how much parts of the key space vary.
func sized(marks int, share float64, caught, marked int) (s lookup.Size) {
	if marked == 0 || marks == 0 {
		return s
	}
	p := float64(marked) / float64(caught)
	least, most := wilson(marked, caught)
	part := confidence * math.Sqrt((1-share)/float64(marks))
	nodes := float64(marks) / share / p
	return lookup.Size{Nodes: nodes, Lookups: caught,
		Low: nodes * max(1-math.Hypot(1-p/most, part), 0), High: nodes * (1 + math.Hypot(p/least-1, part))}
}

// wilson returns the ends of the interval for a share, of which k of n were found.
func wilson(k, n int) (least, most float64) { return wilsonLeast(k, n), 1 - wilsonLeast(n-k, n) }

func wilsonLeast(k, n int) float64 {
	if k == 0 {
		return 0
	}
	p, all, z2 := float64(k)/float64(n), float64(n), confidence*confidence
	root := math.Sqrt(z2 - 2 - 1/all + 4*p*(all*(1-p)+1))
	return max((2*all*p+z2-1-confidence*root)/(2*(all+z2)), 0)
}
