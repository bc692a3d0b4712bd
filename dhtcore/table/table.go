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
	subnets map[netip.Addr]int       // entries by public network
}

// New returns an empty table around self.
func New(self wire.ID) *Table {
	return &Table{self: self, buckets: make([]bucket, 1), where: make(map[netip.AddrPort]*Node),
		subnets: make(map[netip.Addr]int)}
}

// Self returns the ID that the table is built around.
func (t *Table) Self() wire.ID { return t.self }

// Slot is the key under which an address takes its place. One public IP gets one place, whatever
// ports it claims; in private networks and on loopback many nodes share an address.
func Slot(addr netip.AddrPort) netip.AddrPort {
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
// had the old ID is gone, or never was. As it may have brought friends, its bucket is verified anew.
func (t *Table) Replied(c wire.Contact, rtt time.Duration, client string, now time.Time) Change {
	n := t.where[Slot(c.Addr)]
	if n != nil && n.ID != c.ID {
		if n.State(now) == Good && n.Addr != c.Addr {
			return Unchanged // a second node behind the IP of a good one
		}
		t.evict(n)
		if n.Addr == c.Addr {
			t.buckets[t.index(n.ID)].doubt()
		}
		n = nil
	}
	if c.ID == t.self || c.ID.Zero() {
		return Unchanged
	}
	if n == nil {
		if twin := t.find(c.ID); twin != nil {
			if twin.State(now) == Good {
				return Unchanged // a second address under the ID of a good one
			}
			t.evict(twin)
		}
		n = &Node{Contact: c, FirstSeen: now, Secure: wire.Secure(c.ID, c.Addr.Addr())}
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

// Heard records that c asked us something, and tells whether it is worth a ping, as Wants does.
func (t *Table) Heard(c wire.Contact, now time.Time) (worthPing bool) {
	if n := t.where[Slot(c.Addr)]; n != nil && n.Contact == c {
		n.LastQuery = now
		return false
	}
	return t.Wants(c, now)
}

// Wants tells whether c is unknown and would find room if it answered: then it is worth a ping.
func (t *Table) Wants(c wire.Contact, now time.Time) bool {
	if c.ID == t.self || c.ID.Zero() {
		return false
	}
	if n := t.where[Slot(c.Addr)]; n != nil {
		return n.Contact != c && n.State(now) != Good // it would take this place by answering
	}
	if twin := t.find(c.ID); twin != nil {
		return twin.State(now) != Good
	}
	i := t.index(c.ID)
	b := &t.buckets[i]
	roomy := len(b.main) < K || len(b.spare) < MaxSpare || t.splits(i) || !b.allGood(now)
	return roomy && !t.crowded(b, c.Addr)
}

// Failed records that a query to c timed out. A node that turns bad leaves when another can take its
// place; without one it stays, so that a network failure does not empty the table.
func (t *Table) Failed(c wire.Contact, now time.Time) Change {
	n := t.where[Slot(c.Addr)]
	if n == nil || n.ID != c.ID || n.Addr != c.Addr {
		return Unchanged
	}
	n.Fails++
	n.LastAsked = now
	if n.State(now) != Bad {
		return Unchanged
	}
	if n.Spare {
		t.remove(n)
		return Unchanged
	}
	b := &t.buckets[t.index(n.ID)]
	if len(b.spare) == 0 {
		return Unchanged
	}
	t.evict(n)
	b.changed = now
	return Left
}

// Restore puts a node of a saved table back. It counts as questionable until it answers.
func (t *Table) Restore(n Node) {
	if n.ID == t.self || n.ID.Zero() || t.where[Slot(n.Addr)] != nil || t.find(n.ID) != nil {
		return
	}
	t.insert(&Node{Contact: n.Contact, FirstSeen: n.FirstSeen, RTT: n.RTT, Client: n.Client,
		Secure: wire.Secure(n.ID, n.Addr.Addr())}, n.FirstSeen)
}

// Move builds the table anew around another ID of ours. Its nodes are kept as far as they fit, good ones
// first, and buckets that get none are due for a refresh.
func (t *Table) Move(self wire.ID, now time.Time) {
	var nodes []*Node
	for i := range t.buckets {
		nodes = append(append(nodes, t.buckets[i].main...), t.buckets[i].spare...)
	}
	slices.SortStableFunc(nodes, func(a, b *Node) int { return int(a.State(now)) - int(b.State(now)) })
	*t = *New(self)
	for _, n := range nodes {
		if n.Spare = false; n.ID != self {
			t.insert(n, now)
		}
	}
}
