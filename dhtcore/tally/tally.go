// Package tally counts what takes too long to count for every Snapshot: the programs of the hosts that were seen lately, the
// networks that they are in, and what this node holds for others. dhtcore runs one Tallier, and has a capture counted too.
package tally

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
	first      = time.Second
	Every      = 5 * time.Second
	SweepEvery = time.Minute // of the sets of hosts
)

// Tally is what was counted. It is immutable.
type Tally struct {
	At       time.Time // zero until it is made for the first time
	Clients  Clients
	Networks Networks
	Kept     Kept
}

// Tallier makes a Tally every few seconds. It has no lock: Run is the only one that changes it, and hands out whole tallies.
type Tallier struct {
	Askers, Repliers *hosts.Set
	Swarms           *peers.Store
	Items            *items.Store
	Places           *geo.DB                          // nil for none
	Nodes            func(now time.Time) []netip.Addr // the addresses in our routing tables, each as often as it is there

	last atomic.Pointer[Tally]
}

// Run counts until ctx ends.
func (t *Tallier) Run(ctx context.Context) {
	next := time.NewTimer(first)
	defer next.Stop()
	swept := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-next.C:
			if now.Sub(swept) >= SweepEvery {
				t.Askers.Sweep(now)
				t.Repliers.Sweep(now)
				swept = now
			}
			t.count(now)
			next.Reset(Every)
		}
	}
}

func (t *Tallier) count(now time.Time) {
	askers, askerEach := t.Askers.Hosts(nil, now)
	repliers, replierEach := t.Repliers.Hosts(nil, now)
	t.last.Store(&Tally{At: now, Clients: CountClients(askers, repliers, askerEach, replierEach),
		Networks: CountNetworks(t.Nodes(now), askers, askerEach, t.Places),
		Kept:     Kept{Swarms: t.Swarms.Held(now), Items: t.Items.Held(now)}})
}

// Last is the last Tally; nobody may change it.
func (t *Tallier) Last() Tally {
	if last := t.last.Load(); last != nil {
		return *last
	}
	return Tally{}
}
