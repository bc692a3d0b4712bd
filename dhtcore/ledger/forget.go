package ledger

import (
	"math/bits"
	"time"
)

// Memory has a budget of accounts. Beyond it each new hash takes the place of the coldest of a few
// that the ledger looks at, in turn: looking for the coldest of all would need an order of all. The
// ranked ones stay. What a store has not got of an account that leaves waits for the next Changes.

const (
	leastLimit = 4 * TopLen
	lookAt     = 16 // accounts: of a million the coldest of 16 is among the coldest tenth in 4 of 5 cases
	// warmth is how much longer an account is kept for each doubling of its sightings.
	warmth = time.Hour
	// inDemand is how many samples a request or announce is worth: a crawl finds millions of hashes that
	// nobody asks for, and they are to leave before one that may come to be ranked.
	inDemand = 8
	// mostLeft is how many rows wait at most for Changes: some 16 MiB.
	mostLeft = 1 << 16
)

// Limit sets how many hashes are kept in memory, 0 for any number and else at least 4,000. Beyond it
// the coldest leave: those that were sighted longest ago, an hour later for each doubling of their
// sightings, of which requests and announces weigh more than samples, but none that is ranked. One that comes back counts from zero, and what it counted
// before is in the store, or was never kept if there is none: see Restore. So the ranks are as without
// a limit where it holds the hashes that come between the first requests of a hash to be ranked.
func (l *Ledger) Limit(hashes int) {
	l.lock()
	defer l.mu.Unlock()
	l.limit = hashes
	if hashes > 0 {
		l.limit = max(hashes, leastLimit)
	}
}

// makeRoom lets accounts leave if there is none to spare for another: two, so that a lower limit is
// reached in time.
func (l *Ledger) makeRoom() {
	for range 2 {
		if l.limit == 0 || l.live < l.limit {
			return
		}
		l.settle() // what leaves is to have all its counts
		l.forget(l.coldest())
	}
}

// coldest returns the place of the coldest of the next accounts.
func (l *Ledger) coldest() (coldest uint32) {
	var least int64
	for looked := 0; looked < lookAt; {
		l.hand = (l.hand + 1) % uint32(l.accounts.n)
		a := l.accounts.at(l.hand)
		if a.pace == vacant || a.sizes.top() != 0 {
			continue // there are leastLimit others
		}
		sightings := inDemand*(uint64(a.requests)+uint64(a.announces)) + uint64(a.samples)
		keep := a.last.ms() + int64(bits.Len64(sightings))*warmth.Milliseconds()
		if looked == 0 || keep < least {
			coldest, least = l.hand, keep
		}
		looked++
	}
	return coldest
}

// forget takes an account out of memory.
func (l *Ledger) forget(place uint32) {
	a := l.accounts.at(place)
	if a.change != 0 {
		c := l.changes.entry(a)
		var r HashRow
		none := 0
		l.total(&r, place, &none)
		l.difference(&r, c)
		l.leave(r)
		c.place = vacant
	}
	l.index.remove(l.index.key(&a.hash), place)
	l.release(a.sources, a.sizes.sources())
	l.release(a.peers, a.sizes.peers())
	if a.pace != longAgo && a.pace != firstRequest {
		l.paces.at(a.pace).owner = vacant
	}
	delete(l.names, place)
	delete(l.repeated, place)
	delete(l.swarms, place)
	*a = account{pace: vacant, change: l.free}
	l.free = place + 1
	l.live--
	l.forgotten++
}

// leave keeps the row of an account that left for the next Changes. If the store takes none for so
// long that there is no more room, the row is lost.
func (l *Ledger) leave(r HashRow) {
	if len(l.changes.left) >= mostLeft {
		l.lost++
		return
	}
	l.changes.left = append(l.changes.left, r)
}
