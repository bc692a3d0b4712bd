package lookup

import (
	"context"
	"sync"

	"dhtop/dhtcore/wire"
)

// Announced says what became of an announce at one node.
type Announced struct {
	wire.Contact
	Err error // nil when it was stored
}

// Announce tells the k closest nodes that gave a token that a peer of the target listens on port; a
// port of 0 lets them take the port that the announce comes from (implied_port). Call it after Run.
func (l *Lookup) Announce(ctx context.Context, port uint16, seed bool) []Announced {
	targets := l.tokenHolders()
	results := make([]Announced, len(targets))
	var open sync.WaitGroup
	for i, c := range targets {
		open.Go(func() {
			q := wire.Query{Method: wire.AnnouncePeer, Target: l.cfg.Target, Token: c.token,
				Port: port, ImpliedPort: port == 0, Seed: seed}
			_, err := ask(ctx, l.cfg.Querier, c.step.Contact, q)
			results[i] = Announced{c.step.Contact, err}
		})
	}
	open.Wait()
	return results
}

func (l *Lookup) tokenHolders() (holders []*candidate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.fronts {
		left := l.cfg.K
		for _, c := range l.fronts[i].sorted {
			if len(c.token) > 0 && left > 0 {
				holders = append(holders, c)
				left--
			}
		}
	}
	return holders
}
