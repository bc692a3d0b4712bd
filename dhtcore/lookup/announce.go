package lookup

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Receipt says whether one node stored an announce or a put.
type Receipt struct {
	wire.Contact
	Err error // nil when it was stored
}

// Reason returns why it was not stored, "" when it was.
func (r *Receipt) Reason() string {
	if r.Err == nil {
		return ""
	}
	return errText(r.Err)
}

// Announce tells the k closest nodes that gave a token, and the k closest of them with a valid ID, that a peer of
// the target listens on port (BEP 5).
// With a port of 0 they take the port that the announce comes from (implied_port). Call it after Run.
// State.Stored has the receipts.
func (l *Lookup) Announce(ctx context.Context, port uint16, seed bool) {
	l.store(ctx, func(to *candidate) wire.Query {
		return wire.Query{Method: wire.AnnouncePeer, Target: l.cfg.Target, Token: to.token,
			Port: port, ImpliedPort: port == 0, Seed: seed}
	})
}

// store sends each token holder at once the query that message returns for it. It keeps the receipts for State and
// returns them.
func (l *Lookup) store(ctx context.Context, message func(to *candidate) wire.Query) []Receipt {
	holders := l.tokenHolders()
	receipts := make([]Receipt, len(holders))
	var open sync.WaitGroup
	for i, c := range holders {
		open.Go(func() {
			err := l.cfg.Querier.Admit(ctx, c.step.Addr)
			if err == nil {
				_, err = l.cfg.Querier.Ask(ctx, c.step.Contact, message(c))
			}
			receipts[i] = Receipt{c.step.Contact, err}
		})
	}
	open.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stored, l.storedAt = receipts, time.Now()
	return receipts
}

// tokenHolders returns the closest nodes of each family that gave a token.
func (l *Lookup) tokenHolders() []*candidate {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closest(func(c *candidate) bool { return len(c.token) > 0 })
}
