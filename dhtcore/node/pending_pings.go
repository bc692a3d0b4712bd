package node

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// When unknown nodes that query us are pinged. A ping right after a query passes the hole that the query made in
// the node's router, and says nothing about whether strangers can reach it. So it is sent when that hole has
// closed, as mldht does. Local networks have no such routers.
const (
	pingDelay       = 30 * time.Second
	pingSpread      = 30 * time.Second // random, in addition, so that pings do not come in waves
	maxPendingPings = 64

	// pingAgain is how long an address that queried us and was pinged is left alone, under whatever IDs it queries us
	// meanwhile: one that does not reply would be pinged with every round of the upkeep.
	pingAgain = time.Minute
)

// pendingPing is a node that queried us and is worth a ping at a later time.
type pendingPing struct {
	wire.Contact
	due time.Time
}

// pendingPings are the pings that wait, and the addresses that had one lately, oldest first: with pingsATime of them a
// round, at most some 500. They are guarded by routing.mu.
type pendingPings struct {
	waiting []pendingPing
	pinged  []pingedAddr
}

// pingedAddr is an address that was pinged, by its slot in the table.
type pingedAddr struct {
	slot netip.AddrPort
	at   time.Time
}

// add schedules a ping to c, unless its address has one scheduled or had one lately, or there are too many.
func (p *pendingPings) add(c wire.Contact, now time.Time) {
	slot := table.Slot(c.Addr)
	if len(p.waiting) >= maxPendingPings || p.lately(slot, now) ||
		slices.ContainsFunc(p.waiting, func(q pendingPing) bool { return table.Slot(q.Addr) == slot }) {
		return
	}
	p.waiting = append(p.waiting, pendingPing{c, now.Add(pingAfter(c.Addr))})
}

// lately reports whether an address was pinged within pingAgain.
func (p *pendingPings) lately(slot netip.AddrPort, now time.Time) bool {
	expired := 0
	for expired < len(p.pinged) && now.Sub(p.pinged[expired].at) >= pingAgain {
		expired++
	}
	p.pinged = slices.Delete(p.pinged, 0, expired)
	return slices.ContainsFunc(p.pinged, func(a pingedAddr) bool { return a.slot == slot })
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
	p.waiting = slices.DeleteFunc(p.waiting, func(q pendingPing) bool {
		if now.Before(q.due) || len(due) >= count {
			return false
		}
		if wanted(q.Contact, now) {
			due = append(due, q.Contact)
			p.pinged = append(p.pinged, pingedAddr{table.Slot(q.Addr), now})
		}
		return true
	})
	return due
}
