package ledger

// A sighting touches half a dozen cache lines of a memory far larger than any cache: its fingerprint, the account, the
// rates, the set of sources. So See only finds the account, and the counting waits until a few sightings have come, or
// somebody reads. Then the lines of all of them are fetched at once, which takes little longer than fetching one.

// sighting is what See leaves to be counted in the account at a place.
type sighting struct {
	pair         uint64 // of the hash and the source of a request
	place        uint32
	source, peer uint32 // members of the sets, 0 for none
	at           stamp
	kind         Kind
	vantage      int8 // none from 16 on
	fresh        bool // the account was created for it
	proven       bool
}

// maxPending is how many sightings wait: as many as the processor can fetch at a time, and few enough that nobody
// notices the longer hold of the lock.
const maxPending = 32

type pendingBatch struct {
	sightings [maxPending]sighting
	n         int
	sink      uint64 // keeps the compiler from dropping the reads of prefetch
}

// lock locks mu and counts the pending sightings.
func (l *Ledger) lock() {
	l.mu.Lock()
	l.flush()
}

// enqueue makes a sighting pending.
func (l *Ledger) enqueue(s *sighting) {
	w := &l.pending
	w.sightings[w.n] = *s
	if w.n++; w.n == maxPending {
		l.flush()
	}
}

// flush counts the pending sightings.
func (l *Ledger) flush() {
	w := &l.pending
	all := w.sightings[:w.n]
	w.n = 0
	for i := range all {
		w.sink += l.prefetch(&all[i])
	}
	for i := range all {
		l.count(&all[i])
	}
	l.sets.addDeferred()
}

// prefetch reads a word of each cache line that count will need, so that the processor has them by then.
func (l *Ledger) prefetch(s *sighting) (words uint64) {
	a := l.accounts.at(s.place)
	if s.kind == Requested {
		words = l.dedup.first(s.pair)
	}
	if a.rates < vacant {
		p := l.rates.at(a.rates)
		words += uint64(p.slot) + uint64(p.hour[hourLen-1])
	}
	switch n := a.sizes.sources(); {
	case n == isSketch:
		words += uint64(l.sets.sketches[a.sources].since)
	case n > 1:
		words += uint64(l.sets.small.block(classOf(int(n)), uint32(a.sources))[0])
	}
	return words
}

// count counts a sighting.
func (l *Ledger) count(s *sighting) {
	a := l.accounts.at(s.place)
	repeat := s.kind == Requested && l.dedup.seen(s.pair, s.at)
	l.rates.record(&l.accounts, a, s.place, s.kind == Requested && !repeat && !a.sizes.maintenance(), s.at)
	a.last = s.at
	if s.vantage < 16 {
		a.vantages |= 1 << s.vantage
	}
	if s.proven {
		a.sizes |= provenBit
	}
	before := a.sizes.sources()
	if s.source != 0 && (!repeat || s.fresh) { // the source of a repeat is in the set already
		a.sizes.setSources(l.sets.add(&a.sources, before, s.source))
	}
	if s.peer != 0 {
		a.sizes.setPeers(l.sets.add(&a.peers, a.sizes.peers(), s.peer))
	}
	l.tally(s.kind, repeat, a, s.place)
	if l.changes.on {
		c := l.changes.of(a, s.place)
		c.see(s.kind, repeat)
		c.sources = c.sources || a.sizes.sources() != before || before == isSketch && !repeat
	}
	if !repeat && !a.sizes.maintenance() {
		l.rise(a, s.place)
	}
}

// tally adds a sighting to the counts.
func (l *Ledger) tally(kind Kind, repeat bool, a *account, place uint32) {
	total := kind
	if !repeat && a.sizes.maintenance() {
		total = Refreshed
	}
	l.totals[total]++
	switch {
	case repeat:
		l.repeated[place]++
		l.allRepeated++
	case kind == Requested:
		addCount(&a.requests, 1)
	case kind == Announced:
		addCount(&a.announces, 1)
	case kind == Sampled:
		addCount(&a.samples, 1)
	}
}
