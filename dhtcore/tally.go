package dhtcore

import (
	"context"
	"net/netip"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/items"
	"dhtop/dhtcore/peers"
)

// How often the tally is made. It costs some ten milliseconds where everything is full.
const (
	firstTally = time.Second
	tallyEvery = 5 * time.Second
	sweepEvery = time.Minute
)

// Tally is what takes too long to count for every Snapshot. It is immutable.
type Tally struct {
	At       time.Time // zero until it is made for the first time
	Clients  Clients
	Networks Networks
	Kept     Kept
}

// tallier makes a Tally every few seconds. It has no lock: run is the only one that changes it, and hands out whole tallies.
type tallier struct {
	vantages         *vantages
	askers, repliers *hosts.Set
	swarms           *peers.Store
	items            *items.Store
	places           *geo.DB // nil for none
	last             atomic.Pointer[Tally]
}

// run counts until ctx ends.
func (t *tallier) run(ctx context.Context) {
	next := time.NewTimer(firstTally)
	defer next.Stop()
	swept := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-next.C:
			if now.Sub(swept) >= sweepEvery {
				t.askers.Sweep(now)
				t.repliers.Sweep(now)
				swept = now
			}
			t.count(now)
			next.Reset(tallyEvery)
		}
	}
}

func (t *tallier) count(now time.Time) {
	askers, askerEach := t.askers.Hosts(nil, now)
	repliers, replierEach := t.repliers.Hosts(nil, now)
	var nodes []netip.Addr
	for _, v := range t.vantages.list {
		_, table := v.Table(now)
		for i := range table {
			nodes = append(nodes, table[i].Addr.Addr())
		}
	}
	t.last.Store(&Tally{At: now, Clients: countClients(askers, repliers, askerEach, replierEach),
		Networks: countNetworks(nodes, askers, askerEach, t.places),
		Kept:     Kept{Swarms: t.swarms.Held(now), Items: t.items.Held(now)}})
}

// tally is the last one; nobody may change it.
func (t *tallier) tally() Tally {
	if last := t.last.Load(); last != nil {
		return *last
	}
	return Tally{}
}
