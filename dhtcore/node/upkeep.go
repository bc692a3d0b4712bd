package node

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// The pace of the upkeep.
const (
	// upkeepPatience is how long a ping may wait for the governor and the answer: longer, and they
	// would pile up behind a low limit.
	upkeepPatience = 10 * time.Second
	upkeepEvery    = time.Second
	expireEvery    = time.Minute
	pingsATime     = 8 // nodes of the table, and as many unknown askers, asked whether they live, a round
)

// upkeep pings those who asked us and are unknown, and those of the table that have been silent.
func (n *Node) upkeep(ctx context.Context) {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	expired := time.Now()
	var pings sync.WaitGroup
	defer pings.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			n.giveUp(now)
			due, askers := n.due(now)
			for i, c := range append(due, askers...) {
				pings.Go(func() {
					ctx, cancel := context.WithTimeout(ctx, upkeepPatience)
					defer cancel()
					_, err := n.Ping(ctx, c) // the table learns what comes of it
					if err == nil && i >= len(due) {
						n.queriedFirst(c, now)
					}
				})
			}
			if now.Sub(expired) >= expireEvery {
				n.cfg.Peers.Expire(now)
				expired = now
			}
		}
	}
}

// due returns the nodes of the table to ping now, which it marks as asked, and the unknown ones.
func (n *Node) due(now time.Time) (known, askers []wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known = n.table.DuePing(pingsATime, now)
	for _, c := range known {
		n.table.MarkAsked(c, now)
	}
	return known, n.dueAskers(pingsATime, now)
}

// queriedFirst has the table remember that c, which entered it at since or later, sent us a query before we knew
// it.
func (n *Node) queriedFirst(c wire.Contact, since time.Time) {
	n.mu.Lock()
	n.table.SetProvenance(c, table.QueriedFirst, wire.ID{}, since)
	n.mu.Unlock()
}

// Closest returns the count contacts of the table that are closest to target.
func (n *Node) Closest(target wire.ID, count int) []wire.Contact {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.table.Closest(nil, target, count, time.Now())
}

// Count returns the table's nodes by standing as of now.
func (n *Node) Count(now time.Time) (good, questionable, bad int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.table.Count(now)
}

// Table returns copies of the routing table's buckets and nodes as of now.
func (n *Node) Table(now time.Time) ([]table.BucketView, []table.Node) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.table.Buckets(now), n.table.Nodes()
}

// Holds tells whether c is in the routing table.
func (n *Node) Holds(c wire.Contact) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.table.Holds(c)
}

// Restore puts those nodes of a saved table back that can be reached from here; the upkeep asks them one
// by one whether they still live.
func (n *Node) Restore(saved []table.Node) {
	var changes []table.Change
	n.mu.Lock()
	for _, s := range saved {
		if n.Believes(s.Addr, netip.AddrPort{}) {
			changes = append(changes, n.table.Restore(s)...)
		}
	}
	n.mu.Unlock()
	n.changed(changes, time.Now())
}

// Refresh returns a target to look up so that a stale bucket is filled again; ok is false when none
// is stale.
func (n *Node) Refresh(now time.Time) (target wire.ID, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.table.DueRefresh(now)
}

// Thin returns a target to look up for each bucket that has room.
func (n *Node) Thin() []wire.ID {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.table.Underfull()
}

// Vouch fills the table with contacts that the caller knows to be alive, as the builder of a test
// network does. Everybody else's word is checked by asking.
func (n *Node) Vouch(contacts []wire.Contact) {
	now := time.Now()
	var changes []table.Change
	n.mu.Lock()
	for _, c := range contacts {
		changes = append(changes, n.table.Replied(c, 0, "", now)...)
	}
	n.mu.Unlock()
	n.changed(changes, now)
}
