package simnet

import (
	"context"
	"math"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// measured runs lookups for random targets and returns the size of p that they lead to.
func (p *Planet) measured(lookups int) (size lookup.Size) {
	self := p.id(p.draw(ofLuck))
	v := p.Visitor(VisitorConfig{ID: self, Seed: p.cfg.Seed})
	shared := lookup.NewShared()
	for i := range uint64(lookups) {
		target := p.id(p.draw(ofLuck, 1, i))
		lookup.New(lookup.Config{Target: target, Method: wire.FindNode, Querier: v, Shared: shared, Self: []wire.ID{self},
			Seeds: v.Seeds(target, lookup.DefaultK)}).Run(context.Background())
	}
	return shared.NetworkSize(wire.IPv4)
}

// TestTheSizeByLookupsIsWithinItsInterval has planets of a few thousand nodes, or of as many as DHTOP_NODES
// says: some like Mainline, and some where nearly all live and many are slow, which are then missing at the end.
func TestTheSizeByLookupsIsWithinItsInterval(t *testing.T) {
	for _, kind := range []struct {
		name       string
		dead, tail float64
		off        float64 // how far the mean of a hundred may be from the truth
	}{{"like Mainline", 0.5, 0, 0.03}, {"alive and slow", 0.02, 1, 0.05}} {
		t.Run(kind.name, func(t *testing.T) { sizesWithin(t, kind.dead, kind.tail, kind.off) })
	}
}

func sizesWithin(t *testing.T, dead, tail, off float64) {
	nodes := 5_000
	if many, err := strconv.Atoi(os.Getenv("DHTOP_NODES")); err == nil {
		nodes = many
	}
	var mu sync.Mutex
	within, ratio := 0, 0.0
	forSeeds(t, func(t *testing.T, seed int) {
		cfg := DefaultPlanet(nodes)
		cfg.Seed, cfg.Dead, cfg.Tail = uint64(seed), dead, tail
		p := NewPlanet(cfg)
		synctest.Test(t, func(t *testing.T) {
			size, live := p.measured(48), float64(p.live)
			if size.High > 1.7*size.Low {
				t.Errorf("seed %d: %+v says nothing", seed, size)
			}
			mu.Lock()
			defer mu.Unlock()
			ratio += size.Nodes / live / seeds
			if size.Low <= live && live <= size.High {
				within++
			}
		})
	})
	if within < seeds*9/10 {
		t.Errorf("%d of %d estimates are within their interval", within, seeds)
	}
	t.Logf("%d of %d within, %.3f of the truth", within, seeds, ratio)
	if off *= math.Sqrt(100. / seeds); math.Abs(ratio-1) > off {
		t.Errorf("the estimates are %.3f of the truth", ratio)
	}
}
