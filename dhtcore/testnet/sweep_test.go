package testnet

import (
	"context"
	"errors"
	"slices"
	"sync"
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
