package node

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// When the word of others about our external address counts.
const (
	votesKept  = 64               // the latest, so that a new address wins before long
	votesLeast = 8                // distinct hosts that must agree
	voteFor    = 30 * time.Minute // until a vote lapses; nodes of the table are pinged every 15
)

// vote is what one host says our external address is.
type vote struct {
	by netip.Addr
	as netip.AddrPort
	at time.Time
}

// votes settle our external address by what the nodes that reply to us say (BEP 42): one vote a host
// (wire.HostKey), two thirds of the votes to change it. Queries do not count, as anybody can send one.
type votes struct {
	external netip.AddrPort // the outcome; invalid while there is none
	all      []vote         // at most votesKept, in no order
	next     int            // the one to replace next
}

// cast adds the vote of the node at by and reports whether it settles another external IP address. The port follows
// a simple majority, as a router may change it for each destination.
func (v *votes) cast(by netip.Addr, as netip.AddrPort, now time.Time) (changed bool) {
	by, _ = wire.HostKey(by)
	v.put(vote{by, as, now})
	if as == v.external {
		return false
	}
	total, sameIP, same := 0, 0, 0
	for i := range v.all {
		c := &v.all[i]
		if now.Sub(c.at) >= voteFor {
			continue
		}
		total++
		if c.as.Addr() == as.Addr() {
			sameIP++
		}
		if c.as == as {
			same++
		}
	}
	if as.Addr() == v.external.Addr() {
		if 2*same > total {
			v.external = as
		}
		return false
	}
	if sameIP < votesLeast || 3*sameIP <= 2*total {
		return false
	}
	v.external = as
	return true
}

func (v *votes) put(c vote) {
	for i := range v.all {
		if v.all[i].by == c.by {
			v.all[i] = c
			return
		}
	}
	if len(v.all) < votesKept {
		v.all = append(v.all, c)
		return
	}
	v.all[v.next] = c
	v.next = (v.next + 1) % votesKept
}
