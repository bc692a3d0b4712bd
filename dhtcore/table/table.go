// Package table is the routing table of a DHT node (BEP 5, Kademlia): buckets of K nodes by the prefix that
// they share with our own ID, each with a replacement cache.
//
// It is a pure data structure: it sends nothing, reads no clock and takes no lock. Its one caller is
// dhtcore/node, which owns the table and the lock around it. The node reports who replied, who
// queried us and who did not reply, and asks for the closest nodes and for those that are due a ping. A node
// enters the table only by replying to a query of ours, so that nobody gets in by somebody else's claim.
package table

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// K is the size of a bucket and of a list of nodes in a reply (BEP 5); MaxReplacements is the size of a
// replacement cache.
const (
	K               = 8
	MaxReplacements = 8
)

// Table is the routing table around one ID. Create it with New.
type Table struct {
	self    wire.ID
	buckets []bucket                 // bucket i shares exactly i bits with self, the last at least as many
	bySlot  map[netip.AddrPort]*Node // every entry, by slot
	subnets map[netip.Addr]int       // entries by public network
	// unsettled are addresses that replied under another ID than before or than expected, with the last one.
	unsettled map[netip.AddrPort]wire.ID
	changes   []Change // of the call that is under way
}

// New returns an empty table around self.
func New(self wire.ID) *Table {
	return &Table{self: self, buckets: make([]bucket, 1), bySlot: make(map[netip.AddrPort]*Node),
		subnets: make(map[netip.Addr]int), unsettled: make(map[netip.AddrPort]wire.ID)}
}

// Self returns the ID that the table is built around.
func (t *Table) Self() wire.ID { return t.self }

// Slot returns the key of an address in the table. A public IP has one slot, whatever its port; in local
// networks (wire.Exempt) many nodes share an IP, and each port has its own.
func Slot(addr netip.AddrPort) netip.AddrPort {
	if wire.Exempt(addr.Addr()) {
		return addr
	}
	return netip.AddrPortFrom(addr.Addr(), 0)
}

func (t *Table) index(id wire.ID) int {
	return min(wire.SharedBits(t.self, id), len(t.buckets)-1)
}

// Change says that a node entered or left a bucket. A node in a replacement cache has not joined. Every method
// that changes buckets returns its changes in order, so that joins minus leaves is what the buckets hold. The
// slice is valid until the next such call.
type Change struct {
	wire.Contact
	Joined bool // else it left
}

// Replied records that c replied to a query of ours after rtt; client is the printable name of its program, ""
// when unknown. The node enters its bucket when there is room, else the replacement cache. When a known
// address replies with another ID, the node with the old ID is evicted: it is gone, or never existed. The new one
// enters when the next reply confirms it, so that an address that changes its ID with every reply does not.
// An impostor rarely comes alone, so the rest of its bucket becomes due for a ping.
func (t *Table) Replied(c wire.Contact, rtt time.Duration, client string, now time.Time) []Change {
	t.changes = t.changes[:0]
	n := t.bySlot[Slot(c.Addr)]
	if n != nil && n.ID != c.ID {
		if n.State(now) == Good && n.Addr != c.Addr {
			return nil // a second node behind the IP of a good one
		}
		t.evict(n)
		if n.Addr == c.Addr {
			t.buckets[t.index(n.ID)].suspectAll()
			t.Unsettle(c.Addr)
		}
		n = nil
	}
	if n == nil && !t.settled(c) {
		return t.changes
	}
	switch {
	case c.ID == t.self || c.ID.Zero():
	case n == nil:
		t.addNode(c, rtt, client, now)
	default:
		t.updateNode(n, c.Addr, rtt, client, now)
	}
	return t.changes
}

// maxUnsettled bounds the memory for addresses that change their ID.
const maxUnsettled = 1024

// Unsettle notes that addr replied under another ID than expected: its next ID has to come twice.
func (t *Table) Unsettle(addr netip.AddrPort) {
	if _, known := t.unsettled[addr]; known {
		return
	}
	for other := range t.unsettled {
		if len(t.unsettled) < maxUnsettled {
			break
		}
		delete(t.unsettled, other)
	}
	t.unsettled[addr] = wire.ID{}
}

// settled reports whether the address of c replied under this ID the last time too, or never under an unexpected one.
func (t *Table) settled(c wire.Contact) bool {
	last, unsettled := t.unsettled[c.Addr]
	if unsettled && last != c.ID {
		t.unsettled[c.Addr] = c.ID
		return false
	}
	delete(t.unsettled, c.Addr)
	return true
}

// addNode adds c, whose address has no slot in the table.
func (t *Table) addNode(c wire.Contact, rtt time.Duration, client string, now time.Time) {
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

// updateNode records that n, which the table holds, replied from addr.
func (t *Table) updateNode(n *Node, addr netip.AddrPort, rtt time.Duration, client string, now time.Time) {
	if n.Addr != addr && !n.Replacement {
		t.recordChange(n, false)
		n.Addr = addr
		t.recordChange(n, true)
	}
	n.Addr = addr
	n.replied(rtt, client, now)
	b := &t.buckets[t.index(n.ID)]
	b.changed = now
	if n.Replacement {
		t.promote(b, n, now)
	}
}

// recordChange adds to the changes that n joined or left a bucket.
func (t *Table) recordChange(n *Node, joined bool) {
	t.changes = append(t.changes, Change{n.Contact, joined})
}

// QueriedUs records that c sent us a query, and reports whether it is worth a ping, as Wants does.
func (t *Table) QueriedUs(c wire.Contact, now time.Time) (worthPing bool) {
	if n := t.bySlot[Slot(c.Addr)]; n != nil && n.Contact == c {
		n.LastQuery = now
		return false
	}
	return t.Wants(c, now)
}

// Wants reports whether c is unknown and would find room if it replied: then it is worth a ping.
func (t *Table) Wants(c wire.Contact, now time.Time) bool {
	if c.ID == t.self || c.ID.Zero() {
		return false
	}
	if n := t.bySlot[Slot(c.Addr)]; n != nil {
		return n.Contact != c && n.State(now) != Good // it would take this slot by replying
	}
	if twin := t.find(c.ID); twin != nil {
		return twin.State(now) != Good
	}
	i := t.index(c.ID)
	b := &t.buckets[i]
	roomy := len(b.main) < K || len(b.replacements) < MaxReplacements || t.canSplit(i) || !b.allGood(now)
	return roomy && !t.subnetFull(b, c.Addr)
}

// Failed records that a query to c timed out. A node that turns bad leaves when a replacement can take its
// place; without one it stays, so that a network failure does not empty the table.
func (t *Table) Failed(c wire.Contact, now time.Time) []Change {
	t.changes = t.changes[:0]
	n := t.bySlot[Slot(c.Addr)]
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
	case n.Replacement:
		t.remove(n)
	case len(b.replacements) > 0:
		t.evict(n)
		b.changed = now
	}
	return t.changes
}

// FailedAt is Failed for the node at an address, whatever its ID.
func (t *Table) FailedAt(addr netip.AddrPort, now time.Time) []Change {
	if n := t.bySlot[Slot(addr)]; n != nil {
		return t.Failed(wire.Contact{ID: n.ID, Addr: addr}, now)
	}
	return nil
}

// Restore puts a node of a saved table back. It is questionable until it replies.
func (t *Table) Restore(n Node) []Change {
	t.changes = t.changes[:0]
	if n.ID == t.self || n.ID.Zero() || t.bySlot[Slot(n.Addr)] != nil || t.find(n.ID) != nil {
		return nil
	}
	t.insert(&Node{Contact: n.Contact, FirstSeen: n.FirstSeen, RTT: n.RTT, Client: n.Client, Provenance: Saved,
		Secure: wire.Secure(n.ID, n.Addr.Addr())}, n.FirstSeen)
	return t.changes
}

// Move rebuilds the table around another ID of ours. Nodes are kept as far as they fit, good ones first.
// Buckets that stay empty are due for a refresh.
func (t *Table) Move(self wire.ID, now time.Time) []Change {
	var joined, waiting []*Node
	for i := range t.buckets {
		joined, waiting = append(joined, t.buckets[i].main...), append(waiting, t.buckets[i].replacements...)
	}
	nodes := slices.Concat(joined, waiting)
	slices.SortStableFunc(nodes, func(a, b *Node) int { return int(a.State(now)) - int(b.State(now)) })
	*t = *New(self)
	for _, n := range nodes {
		if n.Replacement = false; n.ID != self {
			t.insert(n, now)
		}
	}
	t.changes = nil // insert recorded changes that are news of the replacements only
	for _, n := range joined {
		if !t.inBucket(n) {
			t.recordChange(n, false)
		}
	}
	for _, n := range waiting {
		if t.inBucket(n) {
			t.recordChange(n, true)
		}
	}
	return t.changes
}

// inBucket reports whether n is in a bucket, not in a replacement cache.
func (t *Table) inBucket(n *Node) bool { return t.bySlot[Slot(n.Addr)] == n && !n.Replacement }
