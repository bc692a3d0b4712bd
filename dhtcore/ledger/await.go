package ledger

// A sighting touches half a dozen places of a memory far larger than any cache: its fingerprint, the
// account, the pace, the set of sources. So See only finds the account, and what is to be counted
// waits until a few have come, or somebody reads: then all their places are fetched at once, which
// takes little longer than to fetch one.

// sighting is what See has to count of the account at a place.
type sighting struct {
	pair         uint64 // of the hash and the source of a request
	place        uint32
	source, peer uint32 // members, 0 for none
	at           stamp
	kind         Kind
	vantage      int8 // from 16 on none
	fresh        bool // the account was opened for it
}

// mostAwaiting is how many wait: as many as the processor can fetch at a time, and not so many that who
// wants the lock would notice.
const mostAwaiting = 32

type awaiting struct {
	sightings [mostAwaiting]sighting
	n         int
	members   []newMember
	fetched   uint64 // of no use but that it was read
}

// newMember is to be added to a sketch. Where in there cannot be fetched before, but those that are added
// one right after the other are fetched together, too.
type newMember struct {
	sketch set
	member uint32
}

// lock takes mu for who is to find everything counted.
func (l *Ledger) lock() {
	l.mu.Lock()
	l.settle()
}

// await has a sighting counted, some time.
func (l *Ledger) await(s *sighting) {
	w := &l.awaiting
	w.sightings[w.n] = *s
	if w.n++; w.n == mostAwaiting {
		l.settle()
	}
}

// settle counts what waits.
func (l *Ledger) settle() {
	w := &l.awaiting
	all := w.sightings[:w.n]
	w.n = 0
	for i := range all {
		w.fetched += l.fetch(&all[i])
	}
	for i := range all {
		l.count(&all[i])
	}
	for _, m := range w.members {
		l.addTo(&l.sketches[m.sketch], m.member)
	}
	w.members = w.members[:0]
}

// addSoon has settle, which runs, add a member to a sketch.
func (l *Ledger) addSoon(sketch set, member uint32) {
	l.awaiting.members = append(l.awaiting.members, newMember{sketch, member})
}

// fetch reads a word of each line of what count is going to need, so that the processor has it by then.
func (l *Ledger) fetch(s *sighting) (words uint64) {
	a := l.accounts.at(s.place)
	if s.kind == Requested {
		words = l.repeats.first(s.pair)
	}
	if a.pace < vacant {
		p := l.paces.at(a.pace)
		words += uint64(p.slot) + uint64(p.hour[hourLen-1])
	}
	switch n := a.sizes.sources(); {
	case n == isSketch:
		words += uint64(l.sketches[a.sources].since)
	case n > 1:
		words += uint64(l.sets.block(classOf(int(n)), uint32(a.sources))[0])
	}
	return words
}

// count counts a sighting.
func (l *Ledger) count(s *sighting) {
	a := l.accounts.at(s.place)
	repeat := s.kind == Requested && l.repeats.seen(s.pair, s.at)
	l.follow(a, s.place, s.kind == Requested && !repeat, s.at)
	a.last = s.at
	if s.vantage < 16 {
		a.vantages |= 1 << s.vantage
	}
	before := a.sizes.sources()
	if s.source != 0 && (!repeat || s.fresh) { // a repeat's source is in already
		a.sizes.setSources(l.include(&a.sources, before, s.source))
	}
	if s.peer != 0 {
		a.sizes.setPeers(l.include(&a.peers, a.sizes.peers(), s.peer))
	}
	l.tally(s.kind, repeat, a, s.place)
	if l.changes.on {
		c := l.changed(a, s.place)
		c.see(s.kind, repeat)
		c.sources = c.sources || a.sizes.sources() != before || before == isSketch && !repeat
	}
	if !repeat {
		l.raise(a, s.place)
	}
}

// tally adds a sighting to the counts.
func (l *Ledger) tally(kind Kind, repeat bool, a *account, place uint32) {
	l.totals[kind]++
	switch {
	case repeat:
		l.repeated[place]++
		l.allRepeated++
	case kind == Requested:
		count(&a.requests, 1)
	case kind == Announced:
		count(&a.announces, 1)
	case kind == Sampled:
		count(&a.samples, 1)
	}
}
