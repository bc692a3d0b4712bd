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
	changes []Change                 // of the call that is under way
}

// New returns an empty table around self.
func New(self wire.ID) *Table {
	return &Table{self: self, buckets: make([]bucket, 1), where: make(map[netip.AddrPort]*Node),
		subnets: make(map[netip.Addr]int)}
}

// Self returns the ID that the table is built around.
func (t *Table) Self() wire.ID { return t.self }

// Slot is the key under which an address takes its place. One public IP gets one place, whatever
// ports it claims; in local networks (wire.Exempt) many nodes share an address.
func Slot(addr netip.AddrPort) netip.AddrPort {
	if wire.Exempt(addr.Addr()) {
		return addr
	}
	return netip.AddrPortFrom(addr.Addr(), 0)
}

func (t *Table) index(id wire.ID) int {
	return min(wire.SharedBits(t.self, id), len(t.buckets)-1)
}

// Change is one node's entering or leaving a bucket; those who wait in a replacement cache have not
// joined. Every method that changes buckets returns what it did to them, in its order, so that joins less
// leaves are what they hold. What it returns is valid until the next call of one.
type Change struct {
	wire.Contact
	Joined bool // else it left
}

// Replied records that c answered a query after rtt. The node enters its bucket when there is room,
// else the replacement cache. A known address that answers with another ID is evicted first: whoever
// had the old ID is gone, or never was. As it may have brought friends, its bucket is verified anew.
func (t *Table) Replied(c wire.Contact, rtt time.Duration, client string, now time.Time) []Change {
	t.changes = t.changes[:0]
	n := t.where[Slot(c.Addr)]
	if n != nil && n.ID != c.ID {
		if n.State(now) == Good && n.Addr != c.Addr {
			return nil // a second node behind the IP of a good one
		}
		t.evict(n)
		if n.Addr == c.Addr {
			t.buckets[t.index(n.ID)].doubt()
		}
		n = nil
	}
	switch {
	case c.ID == t.self || c.ID.Zero():
	case n == nil:
		t.meet(c, rtt, client, now)
	default:
		t.again(n, c.Addr, rtt, client, now)
	}
	return t.changes
}

// meet takes in c, whose address has no place in the table.
func (t *Table) meet(c wire.Contact, rtt time.Duration, client string, now time.Time) {
	if twin := t.find(c.ID); twin != nil {
		if twin.State(now) == Good {
			return // a second address under the ID of a good one
		}
		t.evict(twin)
	}
	n := &Node{Contact: c, FirstSeen: now, Secure: wire.Secure(c.ID, c.Addr.Addr())}
	n.replied(rtt, client, now)
	t.insert(n, now)
}

// again takes in that n, which the table holds, has answered, now from addr.
func (t *Table) again(n *Node, addr netip.AddrPort, rtt time.Duration, client string, now time.Time) {
	if n.Addr != addr && !n.Spare {
		t.note(n, false)
		n.Addr = addr
		t.note(n, true)
	}
	n.Addr = addr
	n.replied(rtt, client, now)
	b := &t.buckets[t.index(n.ID)]
	b.changed = now
	if n.Spare {
		t.promote(b, n, now)
	}
}

// note adds to the changes that n has joined or left.
func (t *Table) note(n *Node, joined bool) {
	t.changes = append(t.changes, Change{n.Contact, joined})
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
func (t *Table) Failed(c wire.Contact, now time.Time) []Change {
	t.changes = t.changes[:0]
	n := t.where[Slot(c.Addr)]
	if n == nil || n.ID != c.ID || n.Addr != c.Addr {
		return nil
	}
	n.Fails++
	n.LastAsked = now
	if n.State(now) != Bad {
		return nil
	}
	b := &t.buckets[t.index(n.ID)]
	switch {
	case n.Spare:
		t.remove(n)
	case len(b.spare) > 0:
		t.evict(n)
		b.changed = now
	}
	return t.changes
}

// Restore puts a node of a saved table back. It counts as questionable until it answers.
func (t *Table) Restore(n Node) []Change {
	t.changes = t.changes[:0]
	if n.ID == t.self || n.ID.Zero() || t.where[Slot(n.Addr)] != nil || t.find(n.ID) != nil {
		return nil
	}
	t.insert(&Node{Contact: n.Contact, FirstSeen: n.FirstSeen, RTT: n.RTT, Client: n.Client, Way: Saved,
		Secure: wire.Secure(n.ID, n.Addr.Addr())}, n.FirstSeen)
	return t.changes
}

// Move builds the table anew around another ID of ours. Its nodes are kept as far as they fit, good ones
// first, and buckets that get none are due for a refresh.
func (t *Table) Move(self wire.ID, now time.Time) []Change {
	var joined, spare []*Node
	for i := range t.buckets {
		joined, spare = append(joined, t.buckets[i].main...), append(spare, t.buckets[i].spare...)
	}
	nodes := slices.Concat(joined, spare)
	slices.SortStableFunc(nodes, func(a, b *Node) int { return int(a.State(now)) - int(b.State(now)) })
	*t = *New(self)
	for _, n := range nodes {
		if n.Spare = false; n.ID != self {
			t.insert(n, now)
		}
	}
	t.changes = nil // what inserting them noted is news of the spares only
	for _, n := range joined {
		if !t.seated(n) {
			t.note(n, false)
		}
	}
	for _, n := range spare {
		if t.seated(n) {
			t.note(n, true)
		}
	}
	return t.changes
}

// seated tells whether n is in a bucket.
func (t *Table) seated(n *Node) bool { return t.where[Slot(n.Addr)] == n && !n.Spare }
