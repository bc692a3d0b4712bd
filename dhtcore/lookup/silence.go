package lookup

import (
	"time"

	"dhtop/dhtcore/wire"
)

// The bounds of what is remembered of those that do not answer.
const (
	maxSilent  = 4096             // nodes of a generation: twice as many are remembered at most
	silentOf   = 10 * time.Minute // since the last silence
	giveUp     = 2                // silences in a row: one may be a packet that was lost
	silentLuck = 0.2              // share of those silent once who answer the next time
)

// silence remembers the nodes that did not answer lately (mldht's non-reachability cache): others go on
// telling of them for hours. The newer generation becomes the older one when it is full. The zero value
// is empty.
type silence struct{ newer, older map[wire.Contact]silent }

type silent struct {
	times uint8
	last  time.Time
}

// add notes that c did not answer.
func (s *silence) add(c wire.Contact, now time.Time) {
	times := s.times(c, now) + 1
	if s.newer == nil || len(s.newer) >= maxSilent {
		s.newer, s.older = make(map[wire.Contact]silent), s.newer
	}
	s.newer[c] = silent{uint8(min(times, giveUp)), now}
}

// forget notes that c answered.
func (s *silence) forget(c wire.Contact) {
	delete(s.newer, c)
	delete(s.older, c)
}

// times returns how often in a row c has been silent lately, giveUp at most.
func (s *silence) times(c wire.Contact, now time.Time) int {
	was, known := s.newer[c]
	if !known {
		was = s.older[c]
	}
	if now.Sub(was.last) >= silentOf {
		return 0
	}
	return int(was.times)
}
