package simnet

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/wire"
)

// The network of BenchmarkSweep.
const (
	sweepNodes  = 1_000_000
	sweepHashes = 10_000_000
	sweepRate   = 500 // packets/s
)

// BenchmarkSweep measures one sweep, and two simpler policies for as long, on a network as bad as Mainline
// with 1,000,000 nodes, dead ones included, and 10,000,000 hashes, in virtual time.
func BenchmarkSweep(b *testing.B) {
	cfg := DefaultPlanet(sweepNodes)
	cfg.Hashes = sweepHashes
	p, _ := built(cfg)
	handed := make(map[wire.ID]struct{})
	began := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of a bubble
	for hash := range p.Handed(began) {
		handed[hash] = struct{}{}
	}
	var took time.Duration
	b.Run("sweep", func(b *testing.B) {
		for b.Loop() {
			inVirtualTime(b, func() {
				s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
				s.hashes = make(map[wire.ID]struct{}, len(handed))
				before := heap() // the visitor notes 4 bytes a node beside
				c := s.crawl()
				start := time.Now()
				st := s.sweep(c, 6*time.Hour)
				took = time.Since(start)
				b.ReportMetric(float64(heap()-before-4*cfg.Nodes)/float64(st.NodesAsked), "B/node")
				runtime.KeepAlive(c)
				s.report(b, took)
				b.ReportMetric(float64(len(s.hashes))/float64(len(handed)), "of-handed")
				b.ReportMetric(st.Recapture.Nodes/float64(p.live), "size/live")
				b.ReportMetric((st.Recapture.High-st.Recapture.Low)/2/float64(p.live), "size-spread")
				b.ReportMetric(float64(st.IntervalViolations), "violations-counted")
			})
		}
	})
	for _, policy := range []struct {
		name string
		run  func(context.Context, *survey)
	}{{"random-targets-60s", randomTargets}, {"every-neighbour", everyNeighbour}} {
		b.Run(policy.name, func(b *testing.B) {
			for b.Loop() {
				inVirtualTime(b, func() {
					s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
					ctx, cancel := context.WithTimeout(context.Background(), took)
					defer cancel()
					policy.run(ctx, s)
					s.report(b, took)
				})
			}
		})
	}
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func (s *survey) report(b *testing.B, took time.Duration) {
	once, visited := s.once()
	v := s.Stats()
	b.ReportMetric(took.Seconds(), "virtual-s")
	b.ReportMetric(once, "live-once")
	b.ReportMetric(float64(v.Sent)/float64(visited), "packets/live")
	b.ReportMetric(float64(v.Violations), "violations")
	b.ReportMetric(1000*float64(len(s.hashes))/float64(v.Sent), "hashes/1000-packets")
}

// ask puts one question for samples and takes the answer in.
func (s *survey) ask(ctx context.Context, to wire.Contact) []wire.Contact {
	r, err := s.Ask(ctx, to, wire.Query{Method: wire.SampleInfohashes, Target: wire.RandomID()})
	if err != nil {
		return nil
	}
	s.take(crawl.Answer{From: to, Samples: r.Samples})
	return r.Nodes
}

// randomTargets asks everybody that it has heard of for a random target, again after 60 s.
func randomTargets(ctx context.Context, s *survey) {
	type turn struct {
		to wire.Contact
		at time.Time
	}
	var mu sync.Mutex
	var queue []turn
	heard := make(map[wire.Contact]bool)
	learn := func(list []wire.Contact) {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range list {
			if !heard[c] {
				heard[c] = true
				queue = append(queue, turn{to: c})
			}
		}
	}
	learn(s.table)
	var open sync.WaitGroup
	for ctx.Err() == nil {
		mu.Lock()
		if len(queue) == 0 || queue[0].at.After(time.Now()) {
			mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			continue
		}
		next := queue[0].to
		queue = append(queue[1:], turn{next, time.Now().Add(time.Minute)})
		mu.Unlock()
		if s.Admit(ctx, next.Addr) != nil {
			break
		}
		open.Go(func() { learn(s.ask(ctx, next)) })
	}
	open.Wait()
}

// everyNeighbour asks all that it remembers, the last 5,000, once a second: what existing crawlers do.
func everyNeighbour(ctx context.Context, s *survey) {
	const remembered = 5000
	var mu sync.Mutex
	neighbours := slices.Clone(s.table)
	var open sync.WaitGroup
	for ctx.Err() == nil {
		round := time.Now()
		mu.Lock()
		list := slices.Clone(neighbours)
		mu.Unlock()
		for _, next := range list {
			if s.Admit(ctx, next.Addr) != nil {
				break
			}
			open.Go(func() {
				nodes := s.ask(ctx, next)
				mu.Lock()
				defer mu.Unlock()
				neighbours = append(neighbours, nodes...)
				neighbours = neighbours[max(len(neighbours)-remembered, 0):]
			})
		}
		time.Sleep(max(time.Until(round.Add(time.Second)), time.Millisecond))
	}
	open.Wait()
}
