package dhtcore

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// worldConfig is the demo as the explorer opens it.
func worldConfig(seed uint64, nodes int) Config {
	return Config{Demo: &Demo{Nodes: nodes, Seed: seed}, Crawl: true, Names: 100, Limits: DemoLimits()}
}

// impression is what somebody sees of the demo at a glance.
type impression struct {
	requested, top, named int // hashes with requests, the requests of the first, hashes with a name
	converging            bool
}

func impressionOf(s *Snapshot) (i impression) {
	for _, row := range s.Hashes.Top {
		if row.Requests > 0 {
			i.requested++
		}
		if row.Name != "" {
			i.named++
		}
		i.top = max(i.top, int(row.Requests))
	}
	for _, l := range s.Lookups {
		i.converging = i.converging || !l.Done && l.Replied > 0
	}
	return i
}

func (i impression) lively() bool { return i.requested >= 15 && i.top > 10 && i.named >= 15 }

// The demo is lively within three seconds; here it may take longer, on a busy machine with the race detector.
// BenchmarkTheDemoAfterThreeSeconds has the figures of a quiet one.
func TestTheDemoIsLivelySoonAndStaysSo(t *testing.T) {
	e := start(t, worldConfig(3, 150))
	converging := false
	eventually(t, e, "life", func(s *Snapshot) bool {
		i := impressionOf(s)
		converging = converging || i.converging
		return i.lively() && converging
	})
	before := eventually(t, e, "samples", func(s *Snapshot) bool { return s.Crawl.New > 0 }).Hashes.Seen
	eventually(t, e, "something new", func(s *Snapshot) bool { return s.Hashes.Seen > before+5 })
	s := eventually(t, e, "several clients", func(s *Snapshot) bool {
		clients := map[string]bool{}
		for _, n := range s.Nodes {
			for i := range n.Contacts {
				clients[n.Contacts[i].Client] = true
			}
		}
		return len(clients) >= 6
	})
	if s.Traffic.Malformed != 0 {
		t.Errorf("%d malformed packets", s.Traffic.Malformed)
	}
}

func BenchmarkTheDemoAfterThreeSeconds(b *testing.B) {
	for seed := uint64(101); seed <= 105; seed++ {
		b.Run(fmt.Sprintf("seed %d", seed), func(b *testing.B) {
			for b.Loop() {
				began := time.Now()
				e, err := Open(worldConfig(seed, 0))
				if err != nil {
					b.Fatal(err)
				}
				ctx, cancel := context.WithCancel(b.Context())
				done := make(chan error)
				go func() { done <- e.Run(ctx) }()
				converging := false
				for time.Since(began) < 3*time.Second {
					converging = converging || impressionOf(e.Snapshot()).converging
					pauseFor(ctx, freshFor)
				}
				i := impressionOf(e.Snapshot())
				cancel()
				if err := <-done; err != nil {
					b.Fatal(err)
				}
				if !i.lively() || !converging {
					b.Errorf("after three seconds: %+v, a lookup converged: %v", i, converging)
				}
				b.ReportMetric(float64(i.requested), "requested")
				b.ReportMetric(float64(i.top), "requests-of-first")
				b.ReportMetric(float64(i.named), "named")
			}
		})
	}
}
