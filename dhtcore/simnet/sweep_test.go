package simnet

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/wire"
)

// survey is a Visitor that knows who was visited: asked for samples and heard, by rank.
type survey struct {
	*Visitor
	mu     sync.Mutex
	visits []uint8
	dead   []uint8 // packets to those that never answer
	hashes map[wire.ID]struct{}
	liar   *liar // nil for none
}

func newSurvey(p *Planet, cfg VisitorConfig) *survey {
	return &survey{Visitor: p.Visitor(cfg), visits: make([]uint8, p.cfg.Nodes), dead: make([]uint8, p.cfg.Nodes),
		hashes: make(map[wire.ID]struct{})}
}

// Ask implements lookup.Querier.
func (s *survey) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	r, err := s.Visitor.Ask(ctx, to, q)
	rank, known := s.planet.find(to.Addr)
	s.mu.Lock()
	defer s.mu.Unlock()
	var refused *wire.Error
	switch {
	case !known:
	case !s.planet.alive(rank):
		s.dead[rank]++
	case q.Method == wire.SampleInfohashes && (err == nil || errors.As(err, &refused)):
		s.visits[rank]++
	}
	if s.liar != nil {
		s.liar.sees(s, to, q, &r, err)
	}
	return r, err
}

func (s *survey) take(a crawl.Answer) (fresh int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.hashes)
	for _, hash := range a.Samples {
		s.hashes[hash] = struct{}{}
	}
	return len(s.hashes) - before
}

// once returns the share of the live nodes that were visited exactly once, and how many were at all.
func (s *survey) once() (share float64, visited int) {
	one := 0
	for _, n := range s.visits {
		if n > 0 {
			visited++
		}
		if n == 1 {
			one++
		}
	}
	return float64(one) / float64(s.planet.live), visited
}

// crawl returns a crawl of the planet from the visitor's table.
func (s *survey) crawl() *crawl.Crawl {
	c := crawl.New(crawl.Config{
		Querier: s, OnAnswer: s.take,
		Contacts: func() []wire.Contact { return slices.Clone(s.table) },
		Self:     func() []wire.ID { return []wire.ID{s.cfg.ID} },
	})
	c.SetRunning(true)
	return c
}

// sweep runs a crawl until its first sweep is done, or for the time given.
func (s *survey) sweep(c *crawl.Crawl, most time.Duration) crawl.Stats {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { c.Run(ctx) })
	for began := time.Now(); time.Since(began) < most && !c.Stats().Resting; {
		time.Sleep(time.Second)
	}
	cancel()
	done.Wait()
	return c.Stats()
}

// swept runs one sweep of p at 500 packets/s in a bubble of time and passes the result to check.
func swept(t *testing.T, p *Planet, id byte, check func(*survey, crawl.Stats)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		s := newSurvey(p, VisitorConfig{ID: wire.ID{id, 1}, Seed: uint64(id), Rate: sweepRate})
		check(s, s.sweep(s.crawl(), time.Hour))
	})
}

func TestASweepVisitsEveryLiveNodeOnceForFewPackets(t *testing.T) {
	p := small(50_000/shrunk, 200_000/shrunk, 5)
	handed := make(map[wire.ID]struct{})
	for hash := range p.Handed(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) {
		handed[hash] = struct{}{}
	}
	swept(t, p, 0x42, func(s *survey, st crawl.Stats) {
		once, visited := s.once()
		v := s.Stats()
		if !st.Resting || st.Swept != 1 {
			t.Errorf("the sweep is not done after an hour: %.2f", st.Swept)
		}
		if once < 0.95 {
			t.Errorf("%.3f of the live nodes were visited once", once)
		}
		if per := float64(v.Sent) / float64(visited); per > 2.3 {
			t.Errorf("%.2f packets for each live node", per)
		}
		if share := float64(len(s.hashes)) / float64(len(handed)); share < 0.95 {
			t.Errorf("found %.3f of the hashes that exist", share)
		}
		if v.Violations != 0 || st.IntervalViolations != 0 {
			t.Errorf("%d violations, %d counted", v.Violations, st.IntervalViolations)
		}
		if v.Sent != st.Packets || v.Sampled != uint64(st.NodesSpeaking) || st.New != uint64(len(s.hashes)) {
			t.Errorf("%+v, and the crawl says %d packets, %d nodes, %d hashes", v, st.Packets, st.NodesSpeaking, st.New)
		}
	})
}

func TestTheNextSweepKeepsTheIntervals(t *testing.T) {
	cfg := DefaultPlanet(5_000)
	cfg.Hashes, cfg.SampleInterval = 1000, time.Hour
	p := NewPlanet(cfg)
	synctest.Test(t, func(t *testing.T) {
		s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
		c := s.crawl()
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Hour-time.Minute)
		defer cancel()
		c.Run(ctx)
		most := slices.Max(s.visits)
		thrice := 0
		for _, n := range s.visits {
			if n == 3 {
				thrice++
			}
		}
		// A mute node is asked for samples once a day.
		if st := c.Stats(); most > 3 || float64(thrice) < 0.8*0.85*float64(p.live) || st.Sweep != 3 {
			t.Errorf("%d sweeps, %d of %d nodes visited in each, one %d times", st.Sweep, thrice, p.live, most)
		}
		if v := s.Stats(); v.Violations != 0 || c.Stats().IntervalViolations != 0 {
			t.Errorf("%d violations", v.Violations)
		}
	})
}

// restarted sweeps p, with so many restarts on the way.
func restarted(t *testing.T, p *Planet, restarts int) *survey {
	t.Helper()
	s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
	took := time.Duration(p.cfg.Nodes) * time.Second / sweepRate // about
	c := s.crawl()
	for range restarts {
		st := s.sweep(c, took/time.Duration(restarts+1))
		state := c.Checkpoint()
		c = s.crawl()
		if err := c.Restore(state); err != nil {
			t.Fatal(err)
		}
		if at := c.Stats().Swept; at != st.Swept || st.Resting {
			t.Errorf("it was at %.3f and goes on at %.3f", st.Swept, at)
		}
		before := s.Stats()
		time.AfterFunc(2*time.Second, func() {
			now := s.Stats()
			if heard := now.Received - before.Received; heard < sweepRate*2*2/5 { // about half of two seconds' packets
				t.Errorf("in the first two seconds after a restart %d answered", heard)
			}
		})
	}
	if st := s.sweep(c, time.Hour); !st.Resting || st.IntervalViolations != 0 {
		t.Errorf("at %.3f after an hour, %d violations", st.Swept, st.IntervalViolations)
	}
	return s
}

func TestASweepGoesOnWhereARestartHasLeftIt(t *testing.T) {
	p := small(50_000/shrunk, 1000, 1)
	synctest.Test(t, func(t *testing.T) {
		through, broken := restarted(t, p, 0), restarted(t, p, 1)
		wantOnce, want := through.once()
		once, visited := broken.once()
		if once < wantOnce-0.015 || slices.Max(broken.visits) > 1 {
			t.Errorf("%.3f of the nodes were visited once, %.3f without a restart", once, wantOnce)
		}
		per, wantPer := float64(broken.Stats().Sent)/float64(visited), float64(through.Stats().Sent)/float64(want)
		if per > 1.04*wantPer {
			t.Errorf("%.3f packets for each live node, %.3f without a restart", per, wantPer)
		}
	})
}

// forSeeds runs a test with each seed, as many at once as there are processors.
func forSeeds(t *testing.T, run func(t *testing.T, seed int)) {
	t.Helper()
	parts := runtime.GOMAXPROCS(0)
	t.Run("seeds", func(t *testing.T) {
		for part := range parts {
			t.Run(strconv.Itoa(part), func(t *testing.T) {
				t.Parallel()
				for seed := part; seed < seeds; seed += parts {
					run(t, seed)
				}
			})
		}
	})
}

func TestTheSizeIsWithinItsInterval(t *testing.T) {
	var within atomic.Int32
	forSeeds(t, func(t *testing.T, seed int) {
		cfg := DefaultPlanet(2_000)
		cfg.Seed = uint64(seed)
		p := NewPlanet(cfg)
		swept(t, p, byte(seed), func(_ *survey, st crawl.Stats) {
			if live := float64(p.live); st.Recapture.Low <= live && live <= st.Recapture.High {
				within.Add(1)
			}
			if st.Recapture.High > 1.5*st.Recapture.Low {
				t.Errorf("seed %d: %+v says nothing", seed, st.Recapture)
			}
		})
	})
	if n := within.Load(); n < seeds*9/10 {
		t.Errorf("%d of %d estimates are within their interval", n, seeds)
	}
}
