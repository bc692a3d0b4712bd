package lookup

import (
	"time"

	"dhtop/dhtcore/wire"
)

// The bounds of the list of unresponsive nodes.
const (
	maxUnresponsive       = 4096             // nodes of a generation; at most two generations are kept
	failureLifetime       = 10 * time.Minute // since the last failure
	maxFailures           = 2                // in a row, until a node is left alone: one may be a lost packet; so many times more where many are
	replyRateAfterFailure = 0.2              // share of the nodes that failed once and reply the next time
)

// unresponsive lists the nodes that did not reply lately, because others go on naming them for hours
// (mldht's non-reachability cache). When the newer generation is full it becomes the older one. The zero
// value is empty.
type unresponsive struct{ newer, older map[wire.Contact]failures }

type failures struct {
	inRow uint8
	last  time.Time
}

// silent is the entry of what is at the address of c.
func silent(c wire.Contact) wire.Contact { return wire.Contact{Addr: c.Addr} }

// failed notes that c did not reply.
func (u *unresponsive) failed(c wire.Contact, now time.Time) { u.note(silent(c), now) }

// lied notes that the reply of c was of no use.
func (u *unresponsive) lied(c wire.Contact, now time.Time) { u.note(c, now) }

func (u *unresponsive) note(c wire.Contact, now time.Time) {
	inRow := u.inRow(c, now) + 1
	if u.newer == nil || len(u.newer) >= maxUnresponsive {
		u.newer, u.older = make(map[wire.Contact]failures), u.newer
	}
	u.newer[c] = failures{uint8(min(inRow, maxFailures*mostTries)), now}
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
	f, known := u.newer[c]
	if !known {
		f = u.older[c]
	}
	if now.Sub(f.last) >= failureLifetime {
		return 0
	}
	return int(f.inRow)
}
