package dhtcore

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/wire"
)

// lastContacts are the nodes asked of late, and whether they replied. Who replies is asked again and again and who is silent
// is not, so that the share of the queries that are answered shows no filter where few are sent. The zero value has none.
type lastContacts struct {
	ring []contactOutcome
	next int // that is replaced
}

// contactOutcome is what became of the last query to a node.
type contactOutcome struct {
	addr        netip.AddrPort
	first, last time.Time // asked
	replied     bool
}

const (
	maxContacts     = 200
	contactsOutdate = time.Hour
)

// note takes in what became of a query. What says nothing of the node is left out, and nodes of a local network.
func (c *lastContacts) note(addr netip.AddrPort, err error, now time.Time) {
	var refused *wire.Error
	replied := err == nil || errors.As(err, &refused) || errors.Is(err, wire.ErrInvalid)
	if !replied && !errors.Is(err, node.ErrTimeout) || wire.Local(addr.Addr()) {
		return
	}
	i := slices.IndexFunc(c.ring, func(o contactOutcome) bool { return o.addr == addr })
	switch {
	case i >= 0:
		c.ring[i].last, c.ring[i].replied = now, replied
		return
	case len(c.ring) < maxContacts:
		c.ring = append(c.ring, contactOutcome{addr, now, now, replied})
		return
	}
	c.ring[c.next] = contactOutcome{addr, now, now, replied}
	c.next = (c.next + 1) % maxContacts
}

// count returns how many nodes were asked of late and how many replied, and for how long they have been watched: a crawl
// asks as many in two seconds, which say nothing.
func (c *lastContacts) count(now time.Time) (asked, replied int, watched time.Duration) {
	for i := range c.ring {
		o := &c.ring[i]
		if now.Sub(o.last) > contactsOutdate {
			continue
		}
		asked++
		if o.replied {
			replied++
		}
		watched = max(watched, now.Sub(o.first))
	}
	return asked, replied, watched
}

// filteredContacts is the outage in which no more of the nodes asked reply.
func filteredContacts(replied, asked int, since time.Time) Outage {
	o := snapshot.FilteredOutage(0, since)
	o.Text = fmt.Sprintf("only %d of the last %d nodes asked reply", replied, asked)
	return o
}
