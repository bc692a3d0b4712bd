package testnet

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// habitEvery is how often it is looked who has something to do.
const habitEvery = time.Second

// keepHabits lets the nodes look around themselves, each as often as its client does, until ctx ends.
func (n *Network) keepHabits(ctx context.Context, running *sync.WaitGroup) {
	if len(n.cfg.Clients) == 0 {
		return
	}
	r := NewRand(n.cfg.Seed + 7)
	for pause.For(ctx, habitEvery) {
		for _, m := range n.Members() {
			if m.link.client == nil || r.Float64()*m.link.client.Refresh.Seconds() >= habitEvery.Seconds() {
				continue
			}
			for family := range wire.Families {
				if own := m.in(family); own != nil {
					friends := own.Closest(own.ID(), m.link.client.K)
					running.Go(func() { lookAround(ctx, own, m.link.client, friends) })
				}
			}
		}
	}
}
