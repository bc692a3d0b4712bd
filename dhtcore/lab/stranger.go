package lab

import (
	"context"
	"sync"

	"dhtop/dhtcore/node"
)

// stranger is a node that we do not know and that pings us, to see whether we answer such. The goroutine of the lab owns
// it; it opens its socket when it is first needed.
type stranger struct {
	lab     *Lab
	node    *node.Node // nil until then, or if there is no socket for it
	tried   bool
	running sync.WaitGroup
}

// ping lets it ping our first identity, and notes whether we answer.
func (s *stranger) ping(ctx context.Context) {
	if !s.tried {
		s.enter(ctx)
	}
	if s.node == nil {
		return
	}
	us := s.lab.Self()
	s.running.Go(func() {
		within, stop := context.WithTimeout(ctx, probeTimeout)
		defer stop()
		_, err := s.node.Ping(within, us)
		if ctx.Err() == nil {
			s.lab.mu.Lock()
			defer s.lab.mu.Unlock()
			s.lab.exp.meter.answered.add(share(err == nil))
		}
	})
}

func (s *stranger) enter(ctx context.Context) {
	s.tried = true
	n, err := s.lab.Network.Stranger()
	if err != nil {
		s.lab.Warn("the lab has no stranger that pings this node: " + err.Error())
		return
	}
	s.node = n
	s.running.Go(func() { n.Run(ctx) }) //nolint:errcheck // its pings fail then
}

// leave waits until it has left; its context has ended.
func (s *stranger) leave() { s.running.Wait() }
