package dhtcore

import (
	"context"
	"time"

	"dhtop/dhtcore/lab"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

// lost flushes, reads the store back, and returns how many hashes it does not have as often as they were counted;
// lab.Unmeasured where it cannot be told.
func (s *storeSync) lost(ctx context.Context) int {
	answer := make(chan int, 1)
	select {
	case s.checks <- answer:
	case <-ctx.Done():
		return lab.Unmeasured
	}
	select {
	case n := <-answer:
		return n
	case <-ctx.Done():
		return lab.Unmeasured
	}
}

// check is lost, for the goroutine that the store belongs to.
func (s *storeSync) check(ctx context.Context) int {
	counted := make(map[ID]ledger.HashRow)
	for _, row := range s.ledger.TopBy(ledger.ByRequests, true, ledger.MaxTopBy, time.Now()) {
		if !row.OnlyMaintenance() {
			counted[row.InfoHash] = row
		}
	}
	s.retry = time.Time{} // what came back a moment ago is not late
	s.flush(ctx)          //nolint:errcheck // what it could not save is lost
	if s.store == nil {
		return len(counted)
	}
	for row, err := range store.Rows(ctx, s.store, 0) {
		if err != nil {
			return lab.Unmeasured
		}
		if r, ok := counted[row.InfoHash]; ok && row.Requests >= r.Requests && row.Announces >= r.Announces && row.Samples >= r.Samples {
			delete(counted, row.InfoHash)
		}
	}
	return len(counted)
}
