package node

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// How those are treated who ask us without having been asked. A ping right after a query passes the hole
// that the query made in the asker's router, and says nothing of whether strangers can reach it; so it is
// sent when that hole has closed (mldht). Local networks have no such routers.
const (
	pingDelay  = 30 * time.Second
	pingSpread = 30 * time.Second // more, by chance, so that pings do not come in waves
	maxAskers  = 64               // remembered until then
)

// asker is an unknown node that asked us and is worth a ping at a later time.
type asker struct {
	wire.Contact
	ping time.Time
}

// heard tells the table of a node that asked us something. A read-only one never enters it (BEP 43).
func (n *Node) heard(c wire.Contact, readOnly bool, now time.Time) {
	n.asked(c.Addr, now)
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
	if len(n.askers) < maxAskers && !slices.ContainsFunc(n.askers, func(a asker) bool { return a.Contact == c }) {
		n.askers = append(n.askers, asker{c, now.Add(pingAfter(c.Addr))})
	}
}

func pingAfter(addr netip.AddrPort) time.Duration {
	if wire.Local(addr.Addr()) {
		return 0
	}
	return pingDelay + rand.N(pingSpread)
}

// dueAskers returns up to count askers whose time has come and whom the table still wants. mu is held.
func (n *Node) dueAskers(count int, now time.Time) (due []wire.Contact) {
	n.askers = slices.DeleteFunc(n.askers, func(a asker) bool {
		if now.Before(a.ping) || len(due) >= count {
			return false
		}
		if n.table.Wants(a.Contact, now) {
			due = append(due, a.Contact)
		}
		return true
	})
	return due
}
