package testnet

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"sync"
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
	poison func(to wire.Contact, r *wire.Reply) // changes answers; nil for none
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
	if s.poison != nil && err == nil {
		s.poison(to, &r)
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

// swept runs one sweep of p at 500 packets/s in a bubble of time and hands what came of it to check.
func swept(t *testing.T, p *Planet, id byte, check func(*survey, crawl.Stats)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		s := newSurvey(p, VisitorConfig{ID: wire.ID{id, 1}, Seed: uint64(id), Rate: sweepRate})
		check(s, s.sweep(s.crawl(), time.Hour))
	})
}

func TestASweepVisitsEveryLiveNodeOnceForFewPackets(t *testing.T) {
	p := small(50_000, 200_000, 5)
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
			t.Errorf("%.3f of the hashes that there are to be had", share)
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

func TestASweepGoesOnWhereARestartHasLeftIt(t *testing.T) {
	p := small(20_000, 1000, 1)
	synctest.Test(t, func(t *testing.T) {
		s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
		var state []byte
		var st crawl.Stats
		for range 4 {
			c := s.crawl()
			if state != nil {
				if err := c.Restore(state); err != nil {
					t.Fatal(err)
				}
				if at := c.Stats().Swept; at != st.Swept {
					t.Errorf("it was at %.3f and goes on at %.3f", st.Swept, at)
				}
			}
			st = s.sweep(c, 17*time.Second)
			state = c.State()
		}
		c := s.crawl()
		if err := c.Restore(state); err != nil {
			t.Fatal(err)
		}
		st = s.sweep(c, time.Hour)
		once, visited := s.once()
		if v := s.Stats(); !st.Resting || once < 0.92 || float64(v.Sent)/float64(visited) > 2.5 || v.Violations != 0 {
			t.Errorf("%.3f of the nodes visited once, %d packets for %d, %d violations", once, v.Sent, visited, v.Violations)
		}
	})
}

func TestAPoisonedRegionDoesNotStallTheSweep(t *testing.T) {
	p := small(20_000, 1000, 1)
	synctest.Test(t, func(t *testing.T) {
		s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
		r := newRand(1)
		poisoned := func(id wire.ID) bool { return id[0]>>4 == 7 } // a sixteenth of the network
		s.poison = func(to wire.Contact, reply *wire.Reply) {
			for i := range reply.Nodes {
				if poisoned(to.ID) {
					id := to.ID
					binary.BigEndian.PutUint64(id[2:], r.Uint64())
					reply.Nodes[i] = wire.Contact{ID: id, Addr: netip.AddrPortFrom(ipAt(r.Uint64N(addrSpace)), 6881)}
				}
			}
		}
		c := s.crawl()
		st := s.sweep(c, time.Hour)
		honest, visited := 0, 0
		for rank := range s.visits {
			if !p.alive(rank) || poisoned(p.contact(rank).ID) {
				continue
			}
			if honest++; s.visits[rank] > 0 {
				visited++
			}
		}
		if share := float64(visited) / float64(honest); !st.Resting || share < 0.93 {
			t.Errorf("%.3f of the honest nodes visited, at %.2f, %d collapses", share, st.Swept, st.Collapses)
		}
		if v := s.Stats(); float64(v.Sent) > 2.8*float64(p.live) {
			t.Errorf("%d packets for %d live nodes", v.Sent, p.live)
		}
	})
}

func TestTheSizeIsWithinItsInterval(t *testing.T) {
	const seeds = 100
	within := 0
	for seed := range seeds {
		cfg := DefaultPlanet(2_000)
		cfg.Seed = uint64(seed)
		p := NewPlanet(cfg)
		swept(t, p, byte(seed), func(_ *survey, st crawl.Stats) {
			if live := float64(p.live); st.Recapture.Low <= live && live <= st.Recapture.High {
				within++
			}
			if st.Recapture.High > 1.5*st.Recapture.Low {
				t.Errorf("seed %d: %+v says nothing", seed, st.Recapture)
			}
		})
	}
	if within < 90 {
		t.Errorf("%d of %d estimates are within their interval", within, seeds)
	}
}
