package testnet

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
)

// spikeDemand is what the downloaders of a DemandSpike are like: each knows a guest.
func spikeDemand() Demand {
	d := DefaultDemand()
	d.Guests = 1
	return d
}

// prepareSpike lets throngs come for the target, as a Poisson process.
func (n *Network) prepareSpike(g *incident) {
	g.happens = func(ctx context.Context, running *sync.WaitGroup) {
		r, d := NewRand(n.saltOf(g.Incident, spikeSalt)), spikeDemand()
		for pause.For(ctx, time.Duration(r.ExpFloat64()/g.Rate*float64(time.Second))) {
			n.startDownload(ctx, d, r, g.Target, running)
		}
	}
}
