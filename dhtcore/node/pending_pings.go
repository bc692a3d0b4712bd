package node

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// When unknown nodes that query us are pinged. A ping right after a query passes the hole that the query made in
// the node's router, and says nothing about whether strangers can reach it. So it is sent when that hole has
// closed, as mldht does. Local networks have no such routers.
const (
	pingDelay       = 30 * time.Second
	pingSpread      = 30 * time.Second // random, in addition, so that pings do not come in waves
	maxPendingPings = 64
)

// pendingPing is a node that queried us and is worth a ping at a later time.
type pendingPing struct {
	wire.Contact
	due time.Time
}

// pendingPings are guarded by routing.mu.
type pendingPings []pendingPing

// add schedules a ping to c, unless one is scheduled or there are too many.
func (p *pendingPings) add(c wire.Contact, now time.Time) {
	if len(*p) < maxPendingPings && !slices.ContainsFunc(*p, func(q pendingPing) bool { return q.Contact == c }) {
		*p = append(*p, pendingPing{c, now.Add(pingAfter(c.Addr))})
	}
}

func pingAfter(addr netip.AddrPort) time.Duration {
	if wire.Local(addr.Addr()) {
		return 0
	}
	return pingDelay + rand.N(pingSpread)
}

// take removes the pings that are due and returns up to count of their contacts, without those that are not
// wanted any more.
func (p *pendingPings) take(count int, now time.Time, wanted func(wire.Contact, time.Time) bool) (due []wire.Contact) {
	*p = slices.DeleteFunc(*p, func(q pendingPing) bool {
		if now.Before(q.due) || len(due) >= count {
			return false
		}
		if wanted(q.Contact, now) {
			due = append(due, q.Contact)
		}
		return true
	})
	return due
}
