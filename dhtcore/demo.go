package dhtcore

import (
	"context"
	"time"

	"dhtop/dhtcore/wire"
)

// How the demo keeps its lookups pane alive.
const (
	showEvery = 6 * time.Second
	showFirst = time.Second
	showAgain = time.Minute // until the same hash is looked up once more
)

// showOff looks up the hottest hash that has not been looked up lately, every few seconds: in the
// demo there may be nobody at the keys.
func (e *Explorer) showOff(ctx context.Context) {
	next := time.NewTimer(showFirst)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		next.Reset(showEvery)
		for _, row := range e.ledger.Top(MaxHashes, time.Now()) {
			if row.Requests > 0 && !e.lookedUpSince(row.InfoHash, time.Now().Add(-showAgain)) {
				e.StartLookup(row.InfoHash) //nolint:errcheck // fails only at the end of the run
				break
			}
		}
	}
}

func (e *Explorer) lookedUpSince(hash ID, since time.Time) bool {
	for _, l := range e.lookupStates() {
		if l.Target == hash && l.Method == wire.GetPeers && l.Started.After(since) {
			return true
		}
	}
	return false
}
