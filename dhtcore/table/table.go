// Package table is the routing table of a DHT node (BEP 5, Kademlia): buckets of K nodes by the
// prefix that they share with our own ID, each with a cache of replacements.
//
// It is a pure data structure: it sends nothing, reads no clock and locks nothing. dhtcore/node owns
// one and its lock, tells it who answered, who asked and who stayed silent, and asks it for the
// closest nodes and for those that are due a ping. Only nodes that have answered a query of ours
// enter it, so that nobody is put there by somebody else's claim.
package table

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// K is the size of a bucket and of an answer (BEP 5), and MaxSpare that of a replacement cache.
const (
	K        = 8
	MaxSpare = 8
)

// Table is the routing table around one ID. Create it with New.
type Table struct {
	self    wire.ID
	buckets []bucket                 // bucket i shares exactly i bits with self, the last at least as many
	where   map[netip.AddrPort]*Node // every entry, by slot
}

type bucket struct {
	main    []*Node
	spare   []*Node // oldest first
	changed time.Time
}

// New returns an empty table around self.
func New(self wire.ID) *Table {
	return &Table{self: self, buckets: make([]bucket, 1), where: make(map[netip.AddrPort]*Node)}
}

// Self returns the ID that the table is built around.
func (t *Table) Self() wire.ID { return t.self }

// slot is the key under which an address takes its place. One public IP gets one place, whatever
// ports it claims; in private networks and on loopback many nodes share an address.
func slot(addr netip.AddrPort) netip.AddrPort {
	if ip := addr.Addr(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return addr
	}
	return netip.AddrPortFrom(addr.Addr(), 0)
}

func (t *Table) index(id wire.ID) int {
	return min(wire.SharedBits(t.self, id), len(t.buckets)-1)
}

// Change is what Replied or Failed did to the table.
type Change uint8

// The changes.
const (
	Unchanged Change = iota
	Joined           // the node entered a bucket
	Left             // the node was dropped from a bucket
)

// Replied records that c answered a query after rtt. The node enters its bucket when there is room,
// else the replacement cache. A known address that answers with another ID is evicted first: whoever
// had the old ID is gone.
func (t *Table) Replied(c wire.Contact, rtt time.Duration, client string, now time.Time) Change {
	if c.ID == t.self || c.ID.Zero() {
		return Unchanged
	}
	n := t.where[slot(c.Addr)]
	if n != nil && n.ID != c.ID {
		if n.State(now) == Good && n.Addr != c.Addr {
			return Unchanged // a second node behind the IP of a good one
		}
		t.remove(n)
		n = nil
	}
	if n == nil {
		n = &Node{Contact: c, FirstSeen: now}
		n.replied(rtt, client, now)
		return t.insert(n, now)
	}
	n.Addr = c.Addr
	n.replied(rtt, client, now)
	b := &t.buckets[t.index(n.ID)]
	b.changed = now
	if n.Spare {
		return t.promote(b, n, now)
	}
	return Unchanged
}

// Heard records that c asked us something, and tells whether c is unknown and the table would have
// room for it: then it is worth a ping.
func (t *Table) Heard(c wire.Contact, now time.Time) (worthPing bool) {
	if n := t.where[slot(c.Addr)]; n != nil {
		if n.ID == c.ID {
			n.LastQuery = now
		}
		return false
	}
	if c.ID == t.self || c.ID.Zero() {
		return false
	}
	i := t.index(c.ID)
	b := &t.buckets[i]
	return len(b.main) < K || len(b.spare) < MaxSpare || t.splits(i) || b.worst(now).State(now) != Good
}

// Failed records that a query to c timed out. A node that turns bad leaves when another can take its
// place; without one it stays, so that a network failure does not empty the table.
func (t *Table) Failed(c wire.Contact, now time.Time) Change {
	n := t.where[slot(c.Addr)]
	if n == nil || n.ID != c.ID || n.Addr != c.Addr {
		return Unchanged
	}
	n.Fails++
	n.LastAsked = now
	if n.State(now) != Bad {
		return Unchanged
	}
	b := &t.buckets[t.index(n.ID)]
	if n.Spare {
		t.remove(n)
		return Unchanged
	}
	if len(b.spare) == 0 {
		return Unchanged
	}
	t.remove(n)
	next := b.spare[len(b.spare)-1]
	b.spare = b.spare[:len(b.spare)-1]
	next.Spare = false
	b.main = append(b.main, next)
	b.changed = now
	return Left
}

// Restore puts a node of a saved table back. It counts as questionable until it answers.
func (t *Table) Restore(n Node) {
	if n.ID == t.self || n.ID.Zero() || t.where[slot(n.Addr)] != nil {
		return
	}
	n.Fails, n.LastReply, n.LastQuery, n.LastAsked, n.Spare = 0, time.Time{}, time.Time{}, time.Time{}, false
	t.insert(&n, n.FirstSeen)
}

// insert puts a node that the table does not hold where it belongs.
func (t *Table) insert(n *Node, now time.Time) Change {
	for {
		i := t.index(n.ID)
		b := &t.buckets[i]
		switch {
		case len(b.main) < K:
		case t.splits(i):
			t.split()
			continue
		case b.worst(now).State(now) == Bad && n.State(now) == Good:
			t.remove(b.worst(now))
		default:
			t.addSpare(b, n)
			return Unchanged
		}
		b.main = append(b.main, n)
		b.changed = now
		t.where[slot(n.Addr)] = n
		return Joined
	}
}

// splits tells whether bucket i may split: only the one that holds our own ID does (BEP 5), and only
// where that parts its nodes or makes room for the newcomer.
func (t *Table) splits(i int) bool { return i == len(t.buckets)-1 && i < wire.IDBits-1 }

// split parts the last bucket into those nodes that share exactly its prefix and those that share more.
func (t *Table) split() {
	i := len(t.buckets) - 1
	old := t.buckets[i]
	t.buckets[i] = bucket{changed: old.changed}
	t.buckets = append(t.buckets, bucket{changed: old.changed})
	for _, n := range old.main {
		b := &t.buckets[t.index(n.ID)]
		b.main = append(b.main, n)
	}
	for _, n := range old.spare {
		b := &t.buckets[t.index(n.ID)]
		if len(b.main) < K {
			n.Spare = false
			b.main = append(b.main, n)
		} else {
			b.spare = append(b.spare, n)
		}
	}
}

// addSpare keeps n as the newest replacement, in the place of the oldest one when the cache is full.
func (t *Table) addSpare(b *bucket, n *Node) {
	if len(b.spare) == MaxSpare {
		t.remove(b.spare[0])
	}
	n.Spare = true
	b.spare = append(b.spare, n)
	t.where[slot(n.Addr)] = n
}

// promote moves a replacement that has just answered into its bucket if a bad node can go.
func (t *Table) promote(b *bucket, n *Node, now time.Time) Change {
	if len(b.main) == K {
		bad := b.worst(now)
		if bad.State(now) != Bad {
			return Unchanged
		}
		t.remove(bad)
	}
	b.spare = without(b.spare, n)
	n.Spare = false
	b.main = append(b.main, n)
	return Joined
}

func (t *Table) remove(n *Node) {
	b := &t.buckets[t.index(n.ID)]
	b.main, b.spare = without(b.main, n), without(b.spare, n)
	delete(t.where, slot(n.Addr))
}

func without(ns []*Node, n *Node) []*Node {
	if i := slices.Index(ns, n); i >= 0 {
		return slices.Delete(ns, i, i+1)
	}
	return ns
}

// worst is the node of a full bucket that would go first: a bad one, else the longest unseen.
func (b *bucket) worst(now time.Time) *Node {
	return slices.MinFunc(b.main, func(x, y *Node) int {
		if s := int(y.State(now)) - int(x.State(now)); s != 0 {
			return s
		}
		return x.LastSeen().Compare(y.LastSeen())
	})
}
