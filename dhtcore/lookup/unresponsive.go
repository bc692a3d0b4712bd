package lookup

import (
	"time"

	"dhtop/dhtcore/wire"
)

// The bounds of the list of unresponsive nodes.
const (
	maxUnresponsive       = 4096             // nodes of a generation; at most two generations are kept
	failureLifetime       = 10 * time.Minute // since the last failure
	failureOfKnown        = 20 * time.Second // likewise, of a node that replied in the last cacheLifetime: the way to it may be mended
	maxFailures           = 2                // in a row, until a node is left alone: one may be a lost packet; so many times more where many are
	replyRateAfterFailure = 0.2              // share of the nodes that failed once and reply the next time
)

// unresponsive lists the nodes that did not reply lately, because others go on naming them for hours
// (mldht's non-reachability cache). When the newer generation is full it becomes the older one. The zero
// value is empty.
type unresponsive struct{ newer, older map[wire.Contact]failures }

type failures struct {
	inRow   uint8
	last    time.Time
	replied time.Time // before it failed; zero if it did not lately
}

// silent is the entry of what is at the address of c.
func silent(c wire.Contact) wire.Contact { return wire.Contact{Addr: c.Addr} }

// failed notes that c did not reply. before is when it last did, if that is known.
func (u *unresponsive) failed(c wire.Contact, before, now time.Time) { u.note(silent(c), before, now) }

// lied notes that the reply of c was of no use.
func (u *unresponsive) lied(c wire.Contact, now time.Time) { u.note(c, time.Time{}, now) }

func (u *unresponsive) note(c wire.Contact, before, now time.Time) {
	inRow := u.inRow(c, now) + 1
	if before.IsZero() {
		before = u.find(c).replied
	}
	if u.newer == nil || len(u.newer) >= maxUnresponsive {
		u.newer, u.older = make(map[wire.Contact]failures), u.newer
	}
	u.newer[c] = failures{uint8(min(inRow, maxFailures*mostTries)), now, before}
}

// replied takes c off the list.
func (u *unresponsive) replied(c wire.Contact) {
	for _, c := range [...]wire.Contact{c, silent(c)} {
		delete(u.newer, c)
		delete(u.older, c)
	}
}

// failures returns how often in a row c failed lately, at most maxFailures*mostTries.
func (u *unresponsive) failures(c wire.Contact, now time.Time) int {
	return max(u.inRow(c, now), u.inRow(silent(c), now))
}

func (u *unresponsive) inRow(c wire.Contact, now time.Time) int {
	f := u.find(c)
	lifetime := failureLifetime
	if now.Sub(f.replied) < cacheLifetime {
		lifetime = failureOfKnown
	}
	if now.Sub(f.last) >= lifetime {
		return 0
	}
	return int(f.inRow)
}

func (u *unresponsive) find(c wire.Contact) failures {
	if f, known := u.newer[c]; known {
		return f
	}
	return u.older[c]
}
