package node

import (
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// routing is the routing table with what is remembered for it.
type routing struct {
	mu           sync.Mutex // guards all of it, and the fields of identity that say so
	table        *table.Table
	clients      clientNames
	pendingPings pendingPings
	referrers    referrers
}

// Closest returns the count contacts of the table that are closest to target, closest first.
func (r *routing) Closest(target wire.ID, count int) []wire.Contact {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.Closest(nil, target, count, time.Now())
}

// Count returns the number of the table's nodes by state as of now.
func (r *routing) Count(now time.Time) (good, questionable, bad int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.Count(now)
}

// Table returns copies of the routing table's buckets and nodes as of now.
func (r *routing) Table(now time.Time) ([]table.BucketView, []table.Node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.Buckets(now), r.table.Nodes()
}

// Holds reports whether c is in the routing table.
func (r *routing) Holds(c wire.Contact) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.Holds(c)
}

// IsGood reports whether a good node of the routing table is at an address.
func (r *routing) IsGood(addr netip.AddrPort, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.IsGood(addr, now)
}

// DueRefresh returns a target whose lookup refreshes a stale bucket; ok is false when none is stale.
func (r *routing) DueRefresh(now time.Time) (target wire.ID, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.DueRefresh(now)
}

// Underfull returns for each bucket that has room a target whose lookup finds nodes for it.
func (r *routing) Underfull() []wire.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table.Underfull()
}

// queriedFirst has the table remember that c, which entered it at since or later, sent us a query before we knew
// it.
func (r *routing) queriedFirst(c wire.Contact, since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.table.SetProvenance(c, table.QueriedFirst, wire.ID{}, since)
}

// duePings returns up to count nodes of the table that are due a ping, which it marks as asked, and up to count
// unknown nodes that queried us.
func (r *routing) duePings(count int, now time.Time) (known, unknown []wire.Contact) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known = r.table.DuePing(count, now)
	for _, c := range known {
		r.table.MarkAsked(c, now)
	}
	return known, r.pendingPings.take(count, now, r.table.Wants)
}

// queriedUs records a query from c in the table. A node that is worth a ping and can be reached gets one later.
// A read-only node never enters the table (BEP 43).
func (n *Node) queriedUs(c wire.Contact, readOnly bool, now time.Time) {
	n.queryFrom(c.Addr, now)
	if readOnly {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.table.QueriedUs(c, now) {
		return
	}
	if !n.reachability.Reaches(c.Addr) {
		n.counters.refused.Add(1)
		return
	}
	n.pendingPings.add(c, now)
}

// replied records in the table that c replied to a query of ours for the node named asked, zero if nobody was named.
func (n *Node) replied(asked wire.ID, c wire.Contact, rtt time.Duration, version []byte, now time.Time) {
	var room [usualChanges]table.Change
	n.mu.Lock()
	if asked != c.ID && !asked.Zero() {
		n.table.Unsettle(c.Addr)
	}
	changes := append(room[:0], n.table.Replied(c, rtt, n.clients.name(version), now)...)
	n.mu.Unlock()
	n.tableChanged(changes, now)
}

// SetOffline says whether the network is away. Meanwhile a query without a reply says nothing about the node that
// was asked, so that the table outlasts the outage.
func (n *Node) SetOffline(offline bool) { n.offline.Store(offline) }

// failed records in the table that c did not reply to a query of ours.
func (n *Node) failed(c wire.Contact, now time.Time) {
	if n.offline.Load() {
		return
	}
	var room [usualChanges]table.Change
	n.mu.Lock()
	changes := append(room[:0], n.table.Failed(c, now)...)
	n.mu.Unlock()
	n.tableChanged(changes, now)
}

// Restore puts those nodes of a saved table back that can be reached from here. The upkeep pings them one by one.
func (n *Node) Restore(saved []table.Node) {
	var changes []table.Change
	n.mu.Lock()
	for _, s := range saved {
		if n.Believes(s.Addr, netip.AddrPort{}) {
			changes = append(changes, n.table.Restore(s)...)
		}
	}
	n.mu.Unlock()
	n.tableChanged(changes, time.Now())
}

// Vouch fills the table with contacts that the caller knows to be alive, as the builder of a test network does.
// Nodes that others name are pinged first.
func (n *Node) Vouch(contacts []wire.Contact) {
	now := time.Now()
	var changes []table.Change
	n.mu.Lock()
	for _, c := range contacts {
		changes = append(changes, n.table.Replied(c, 0, "", now)...)
	}
	n.mu.Unlock()
	n.tableChanged(changes, now)
}

// usualChanges is how many changes to the table a reply brings at most, except in the rarest cases: an impostor
// leaves, a replacement joins, the newcomer joins.
const usualChanges = 3

// tableChanged reports changes to the table as events.
func (n *Node) tableChanged(changes []table.Change, now time.Time) {
	for _, c := range changes {
		kind := NodeLeft
		if c.Joined {
			kind = NodeJoined
		}
		n.observe(Event{Kind: kind, From: c.Contact, At: now})
	}
}
