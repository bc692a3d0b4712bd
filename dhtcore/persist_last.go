package dhtcore

import (
	"context"
	"slices"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

const (
	// lastTime is how long the last save takes hashes that may be made up: a command ends within a second.
	lastTime = 200 * time.Millisecond
	// lastChunk is how many of them a transaction saves.
	lastChunk = 2048
)

// saveLast is save for the end. It saves all that counts, and of the hashes that were requested once, by an address
// that never proved itself, those that lastTime is enough for: a flood brings tens of thousands of them a second.
func (s *storeSync) saveLast(ctx context.Context, now time.Time) error {
	end := now.Add(lastTime)
	if err := s.reopen(ctx, now); s.store == nil {
		return err
	}
	counts, madeUp := splitMadeUp(s.ledger.Changes(now))
	b := store.Batch{Hashes: counts, Peers: s.pending.take(), Nodes: s.nodes(now), Watched: s.watches.takeAll()}
	for {
		err := s.saveOrReopen(ctx, b, now)
		if err != nil || len(madeUp) == 0 {
			return err
		}
		if time.Now().After(end) {
			s.deleted.Add(uint64(len(madeUp)))
			return nil
		}
		n := min(lastChunk, len(madeUp))
		b, madeUp = store.Batch{Hashes: madeUp[:n]}, madeUp[n:]
	}
}

// saveOrReopen saves a batch. If the store is damaged, it sets that aside and saves to a new one: there is no later
// flush that could.
func (s *storeSync) saveOrReopen(ctx context.Context, b store.Batch, now time.Time) error {
	if b.Empty() {
		return nil
	}
	err := s.store.Save(ctx, b)
	if !store.NeedsReopen(err) {
		return err
	}
	s.abandon(err)
	if bad := s.reopen(ctx, now); s.store == nil {
		if bad != nil {
			err = bad
		}
		return err
	}
	return s.store.Save(ctx, b)
}

// splitMadeUp returns the rows that count, and those that do not: of maintenance, and what anybody may have made up, one
// request by an address that never proved itself. It changes the order of the rows.
func splitMadeUp(rows []ledger.HashRow) (counts, madeUp []ledger.HashRow) {
	n := 0
	for i := range rows {
		if !mayBeMadeUp(&rows[i]) {
			rows[n], rows[i] = rows[i], rows[n]
			n++
		}
	}
	return slices.Clip(rows[:n]), rows[n:]
}

func mayBeMadeUp(r *ledger.HashRow) bool {
	return r.OnlyMaintenance() || r.Unproven && r.Requests == 1 && r.Announces+r.Samples+r.Tracked == 0 && r.Name == "" && r.Peers == 0 &&
		r.FirstSeen.Equal(r.LastSeen)
}
