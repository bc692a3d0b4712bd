package dhtcore

import (
	"time"

	"dhtop/dhtcore/history"
	"dhtop/dhtcore/watch"
)

// The types of a digest under the names that the screens use.
type (
	Digest     = watch.Digest
	DigestLine = watch.DigestLine
)

// DigestOf says what happened since a moment, from what a Snapshot shows: alerts that fired, hashes that are new, when the
// port was closed and the network away. It is pure.
func DigestOf(s *Snapshot, since time.Time) Digest {
	f := watch.DigestFacts{Since: since, Now: s.At, NewHashes: newHashes(s, since)}
	if s.Watch != nil {
		f.Alerts, f.Entries = s.Watch.Alerts, s.Watch.Entries
	}
	return watch.MakeDigest(&f)
}

// newHashes is how many hashes were seen for the first time since a moment, as far as the History reaches back.
func newHashes(s *Snapshot, since time.Time) int {
	if since.Before(s.Started) {
		since = s.Started
	}
	before := -1
	for i := range s.History.Samples {
		if sample := &s.History.Samples[i]; before < 0 || !sample.At.After(since) {
			if n := sample.Values[history.HashesFigure]; n == n { // it is known
				before = int(n)
			}
		}
	}
	if before < 0 {
		return 0
	}
	return max(0, s.Hashes.Seen-before)
}
