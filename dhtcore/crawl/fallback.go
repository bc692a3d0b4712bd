package crawl

import "time"

// When the crawl falls back to trusted nodes.
const (
	fallbackAtOnce   = 3
	fallbackEvery    = 5 * time.Second // while none of them answers
	maxSilentHelpers = 3               // helpers in a row without an answer
)

// fallback is for when hardly any node answers: either contacts are made up, or our own network is away. While it
// is active only trusted nodes are asked, until one of them answers. The zero value is inactive.
type fallback struct {
	active   bool
	away     bool      // none of them answered: our own network is to blame
	inFlight int       // trusted nodes being asked
	answered bool      // one of those asked last did
	next     time.Time // not asked before
	silent   int       // helpers in a row that did not answer
}

// activate begins to fall back.
func (f *fallback) activate() { f.active = true }

// due reports whether trusted nodes must be asked now.
func (f *fallback) due(now time.Time) bool { return f.inFlight == 0 && !now.Before(f.next) }

// begin counts that so many trusted nodes are asked.
func (f *fallback) begin(n int) { f.inFlight, f.answered = n, false }

// outcome takes in whether a trusted node answered. It reports whether our network is back after it was away.
func (f *fallback) outcome(answered bool, now time.Time) (back bool) {
	f.inFlight--
	f.answered = f.answered || answered
	switch {
	case f.answered:
		back = f.away
		f.active, f.away = false, false
	case f.inFlight == 0:
		f.away = true
		f.next = now.Add(fallbackEvery)
	}
	return back
}

// helper takes in whether a helper answered: several in a row that do not are a reason to fall back.
func (f *fallback) helper(answered bool) {
	if answered {
		f.silent = 0
		return
	}
	if f.silent++; f.silent >= maxSilentHelpers {
		f.activate()
		f.silent = 0
	}
}
