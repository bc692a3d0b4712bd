package ledger

import (
	"math/bits"
	"time"
)

// The limit bounds the number of accounts. At the limit each new hash evicts the coldest of the next few accounts: the
// coldest of all would need an order of all. Ranked accounts stay. The unsaved counts of an evicted account wait for
// the next Changes.

const (
	minLimit       = 4 * TopLen
	evictionSample = 16 // accounts: of a million the coldest of 16 is among the coldest tenth in 4 of 5 cases
	// warmth is how much longer an account is kept for each doubling of its sightings.
	warmth = time.Hour
	// demandWeight is how many samples a request or announce is worth: a crawl finds millions of hashes that nobody
	// requests, and they are evicted before a hash that may get ranked.
	demandWeight = 8
	// trackedColder makes a hash that only our tracker knows colder than any that the network has shown within it.
	trackedColder = 365 * 24 * time.Hour
	// maxEvicted is how many rows of evicted accounts wait for Changes, some 16 MiB.
	maxEvicted = 1 << 16
)

// Limit sets how many hashes are kept in memory: 0 for any number, else at least 4,000. Beyond it the coldest are
// evicted: those seen longest ago, where each doubling of the sightings counts as an hour, requests and announces
// weigh more than samples, unproven ones least, those that only our tracker knows go first, and ranked hashes are spared. An evicted hash that is seen again counts from zero. Its
// earlier counts are in the store, or lost if there is none: see Restore. So the ranking is the same as without a
// limit if the limit exceeds the number of hashes seen between the first requests of any hash that gets ranked.
func (l *Ledger) Limit(hashes int) {
	l.lock()
	defer l.mu.Unlock()
	l.limit = hashes
	if hashes > 0 {
		l.limit = max(hashes, minLimit)
	}
}

// makeRoom evicts accounts if the limit leaves no room for another: two, so that a lowered limit is reached in
// time.
func (l *Ledger) makeRoom() {
	for range 2 {
		if l.limit == 0 || l.live < l.limit {
			return
		}
		l.flush() // an evicted account must have all its counts
		coldest, _ := l.coldest()
		l.evict(coldest)
	}
}

// coldest returns the place of the coldest of the next accounts, and whether only our tracker knows that hash.
func (l *Ledger) coldest() (coldest uint32, onlyTracked bool) {
	var least int64
	for looked := 0; looked < evictionSample; {
		l.hand = (l.hand + 1) % uint32(l.accounts.n)
		a := l.accounts.at(l.hand)
		if a.rates == vacant || a.sizes.top() != 0 {
			continue // there are others: minLimit > TopLen
		}
		sightings := uint64(a.demand()) + uint64(a.announces)
		if a.sizes.proven() {
			sightings = demandWeight*sightings + uint64(a.samples)
		} else {
			sightings /= 2 // nothing is less than one that may be made up
		}
		keep := a.last.ms() + int64(bits.Len64(sightings))*warmth.Milliseconds()
		if a.sizes.onlyTracked() {
			keep -= trackedColder.Milliseconds()
		}
		if looked == 0 || keep < least {
			coldest, least, onlyTracked = l.hand, keep, a.sizes.onlyTracked()
		}
		looked++
	}
	return coldest, onlyTracked
}

// evict removes an account from memory.
func (l *Ledger) evict(place uint32) {
	a := l.accounts.at(place)
	if a.change != 0 {
		c := l.changes.entry(a)
		var r HashRow
		none := 0
		l.total(&r, place, &none)
		l.toDelta(&r, c)
		l.changes.keepEvicted(r)
		c.place = vacant
	}
	l.index.remove(l.index.key(&a.hash), place)
	l.sets.release(a.sources, a.sizes.sources())
	l.sets.release(a.peers, a.sizes.peers())
	if a.rates != longAgo && a.rates != firstRequest {
		l.rates.at(a.rates).owner = vacant
	}
	delete(l.names, place)
	delete(l.repeated, place)
	delete(l.swarms, place)
	if a.sizes.tracked() {
		*l.tracked.at(place) = 0
	}
	if a.sizes.maintenance() {
		l.hidden--
	}
	*a = account{rates: vacant, change: l.free}
	l.free = place + 1
	l.live--
	l.evictions++
}

// keepEvicted keeps the row of an evicted account for the next Changes. If the store accepts none for so long that
// there is no room, the row is lost.
func (c *changes) keepEvicted(r HashRow) {
	room := maxEvicted
	if r.OnlyTracked() {
		room /= 2 // what the network asks for has the rest
	}
	if len(c.evicted) >= room {
		c.lost++
		return
	}
	c.evicted = append(c.evicted, r)
}
