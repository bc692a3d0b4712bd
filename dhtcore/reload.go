package dhtcore

import (
	"context"

	"dhtop/dhtcore/tracker"
)

// What follows changes a running Explorer, each the part that Config has a field for. SetLimits and SetCrawl do too.

// SetNames changes of how many of the hottest hashes the names are fetched unasked; 0 for none.
func (e *Explorer) SetNames(hottest int) { e.names.Hottest.Store(int64(hottest)) }

// SetMaxHashes changes how many hashes are kept in memory; 0 for all. A lower number is reached as new hashes come.
func (e *Explorer) SetMaxHashes(n int) {
	e.ledger.Limit(n)
	e.snapshots.maxHashes.Store(int64(n))
	e.changes.Add(1)
}

// SetKeep changes what the store may hold; it is trimmed to that within seconds.
func (e *Explorer) SetKeep(k Keep) {
	e.store.keep.Store(&k)
	e.changes.Add(1)
}

// LoadMMDB reads the files that tell the places of addresses anew, or other files. After an error those before stay in use.
func (e *Explorer) LoadMMDB(paths []string) error { return e.places.Load(paths) }

// LoadTrackerLists reads the lists of our tracker anew, or other lists: see Config. After an error those before stay in
// force. Without a tracker it does nothing.
func (e *Explorer) LoadTrackerLists(ctx context.Context, allow, deny string) error {
	if e.tracker == nil {
		return nil
	}
	return e.trackerLists.Use(ctx, allow, deny)
}

// TuneTracker changes of our tracker the form that it requires, the rate that its interval aims at and the proxies that it
// believes. Without a tracker it does nothing.
func (e *Explorer) TuneTracker(c *TrackerConfig) {
	if e.tracker != nil {
		e.tracker.Tune(tracker.Tuning{Require: c.Require, MaxRate: c.MaxRate, Proxies: c.Proxies})
	}
}
