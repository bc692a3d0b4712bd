package ledger

import "time"

// Announces to our own tracker come in sums, as there may be 100,000 a second.
//
// They are no demand of the network. A hash that only the tracker knows ranks behind all that are requested or announced,
// leaves before any other, and where the ledger is full enters only in the place of another such hash.

// TrackedSum is how many announces of one hash our tracker took in.
type TrackedSum struct {
	InfoHash  [20]byte
	Announces uint32
}

// sumsPerLock is how many sums are counted in one hold of the lock, some 50 us.
const sumsPerLock = 128

// Track counts announces to our own tracker that came up to now. They count as proven: a tracker answers no address that
// it has not heard back from.
func (l *Ledger) Track(sums []TrackedSum, now time.Time) {
	at := l.epoch.stamp(now)
	for len(sums) > 0 {
		n := min(sumsPerLock, len(sums))
		l.trackSome(sums[:n], at)
		sums = sums[n:]
	}
}

func (l *Ledger) trackSome(sums []TrackedSum, at stamp) {
	var places [sumsPerLock]uint32
	l.yieldToReader()
	l.lock()
	defer l.mu.Unlock()
	for i := range sums { // first, as the lines of several are fetched at once: see pending.go
		if a, place := l.find(l.index.key(&sums[i].InfoHash), &sums[i].InfoHash); a != nil {
			places[i] = place + 1
		}
	}
	for i := range sums {
		l.trackOne(&sums[i], places[i], at)
	}
}

// trackOne counts the announces for one hash. found is the place of its account + 1, 0 if it had none.
func (l *Ledger) trackOne(s *TrackedSum, found uint32, at stamp) {
	l.allTracked += uint64(s.Announces)
	place := found - 1
	if found == 0 || l.accounts.at(place).hash != s.InfoHash { // it is new, or was evicted for one before it
		var ok bool
		if place, ok = l.trackedPlace(&s.InfoHash, at); !ok {
			return
		}
	}
	a := l.accounts.at(place)
	if a.sizes.maintenance() {
		l.makeReal(l.index.key(&s.InfoHash), a, place)
	}
	sum := l.tracked.grow(place)
	addCount(sum, uint64(s.Announces))
	l.rates.record(&l.accounts, a, place, false, at)
	if at.ms() > a.last.ms() {
		a.last = at
	}
	a.sizes |= provenBit | trackedBit
	if l.changes.on {
		addCount(&l.changes.of(a, place).tracked, uint64(s.Announces))
	}
	l.rise(a, place)
}

// trackedPlace returns the place of the account of a hash, a new one if it has none. ok is false if there is no room.
func (l *Ledger) trackedPlace(hash *[20]byte, at stamp) (place uint32, ok bool) {
	key := l.index.key(hash)
	a, place := l.find(key, hash)
	if a == nil {
		if !l.roomForTracked() {
			return 0, false
		}
		a, place = l.newAccount(key, hash, at)
		a.sizes |= onlyTrackedBit
		l.discovered(key)
	}
	return place, true
}

// roomForTracked reports whether a hash that only our tracker knows may have an account, and evicts another such hash for
// it if it must.
func (l *Ledger) roomForTracked() bool {
	if l.limit == 0 || l.live < l.limit {
		return true
	}
	place, onlyTracked := l.coldest()
	if onlyTracked {
		l.evict(place)
	}
	return onlyTracked
}

// trackedOf returns the announces to our tracker of the account at a place.
func (l *Ledger) trackedOf(a *account, place uint32) uint32 {
	if !a.sizes.tracked() {
		return 0
	}
	return *l.tracked.at(place)
}

// restoreTracked does for the announces to our tracker what Restore does for the other counts. since are those that the
// store does not have yet.
func (l *Ledger) restoreTracked(r *HashRow, a *account, place, since uint32) {
	sum := l.trackedOf(a, place)
	if restore(&sum, r.Tracked, since); sum > 0 {
		*l.tracked.grow(place) = sum
		a.sizes |= trackedBit
	}
	switch {
	case a.requests+a.announces+a.samples > 0 || a.sizes.peers() > 0 || r.Peers > 0:
		a.sizes &^= onlyTrackedBit
	case sum > 0:
		a.sizes |= onlyTrackedBit
	}
}

// trackedSums holds sums by the places of the accounts, in chunks that are made when they are needed.
type trackedSums struct{ chunks []*[chunkLen]uint32 }

// at returns the sum of an account that has the trackedBit.
func (t *trackedSums) at(place uint32) *uint32 { return &t.chunks[place/chunkLen][place%chunkLen] }

// grow returns the sum at any place.
func (t *trackedSums) grow(place uint32) *uint32 {
	for uint32(len(t.chunks)) <= place/chunkLen {
		t.chunks = append(t.chunks, nil)
	}
	if t.chunks[place/chunkLen] == nil {
		t.chunks[place/chunkLen] = new([chunkLen]uint32)
	}
	return t.at(place)
}
