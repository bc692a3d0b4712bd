package simnet

import (
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/testnet"
)

// The journeys of BenchmarkLookupPlanet.
const (
	benchNodes    = 10_000_000
	benchJourneys = 200
	benchSwarm    = 50
)

// inVirtualTime runs test in a synctest bubble, which only a test can have.
func inVirtualTime(b *testing.B, test func()) {
	b.Helper()
	ran := false // a test runs as often as -count says
	body := func(t *testing.T) {
		if !ran {
			ran = true
			synctest.Test(t, func(*testing.T) { test() })
		}
	}
	all := func(string, string) (bool, error) { return true, nil }
	if !testing.RunTests(all, []testing.InternalTest{{Name: b.Name(), F: body}}) || !ran {
		b.Fatal("the simulation failed")
	}
}

// cost is what it took to build a planet.
type cost struct{ seconds, megabytes float64 }

func built(cfg PlanetConfig) (*Planet, cost) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	p := NewPlanet(cfg)
	took := time.Since(began).Seconds()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return p, cost{took, float64(after.HeapAlloc-before.HeapAlloc) / 1e6}
}

// quantile returns the value below which the share q of list is; it sorts list.
func quantile[T int | time.Duration](list []T, q float64) T {
	slices.Sort(list)
	return list[min(int(q*float64(len(list))), len(list)-1)]
}

// BenchmarkLookupPlanet measures cold lookups, each of another hash by another client that starts with
// its routing table, on a network of 10,000,000 nodes as bad as Mainline. The milliseconds are virtual.
func BenchmarkLookupPlanet(b *testing.B) {
	cfg := DefaultPlanet(benchNodes)
	cfg.Hashes, cfg.Swarm = benchJourneys, func(int) int { return benchSwarm }
	p, cost := built(cfg)
	var complete, first []time.Duration
	var packets []int
	var closest, recall float64
	for b.Loop() {
		complete, first, packets, closest, recall = nil, nil, nil, 0, 0
		inVirtualTime(b, func() {
			for i := range benchJourneys {
				s, v := p.journey(i)
				complete, packets = append(complete, s.Elapsed), append(packets, int(v.Stats().Sent))
				if s.FirstPeer > 0 {
					first = append(first, s.FirstPeer)
				}
				closest += p.share(s) * lookup.DefaultK / benchJourneys
				recall += float64(len(s.Peers)) / benchSwarm / benchJourneys
			}
		})
	}
	b.ReportMetric(cost.seconds, "s-to-build")
	b.ReportMetric(cost.megabytes, "MB")
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.ReportMetric(ms(quantile(complete, 0.5)), "complete-p50-ms")
	b.ReportMetric(ms(quantile(complete, 0.99)), "complete-p99-ms")
	b.ReportMetric(float64(quantile(packets, 0.5)), "packets-p50")
	b.ReportMetric(float64(quantile(packets, 0.99)), "packets-p99")
	b.ReportMetric(closest, "closest-8")
	b.ReportMetric(recall, "recall")
	if len(first) > 0 {
		b.ReportMetric(ms(quantile(first, 0.5)), "first-peer-p50-ms")
		b.ReportMetric(ms(quantile(first, 0.99)), "first-peer-p99-ms")
	}
}

// BenchmarkPlanetAnswers measures what an answer costs to compute, on a network of 1,000,000 nodes with
// 10,000,000 hashes.
func BenchmarkPlanetAnswers(b *testing.B) {
	cfg := DefaultPlanet(1_000_000)
	cfg.Hashes = 10_000_000
	p, _ := built(cfg)
	r := testnet.NewRand(1)
	now := time.Now()
	b.Run("route", func(b *testing.B) {
		for b.Loop() {
			p.contacts(p.route(r.IntN(cfg.Nodes), r.Uint64(), now))
		}
	})
	b.Run("samples", func(b *testing.B) {
		for b.Loop() {
			p.samples(r.IntN(cfg.Nodes), now)
		}
	})
}
