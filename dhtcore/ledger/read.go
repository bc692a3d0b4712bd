package ledger

import "time"

// startReading takes the lock before any sighting that does not hold it yet: a mutex hardly ever passes to a
// goroutine that must wake up first, so under a flood of sightings a Snapshot would wait for a millisecond.
func (l *Ledger) startReading() {
	l.reading.Lock()
	l.waiting.Store(true)
	l.lock()
	l.waiting.Store(false)
}

func (l *Ledger) endReading() {
	l.mu.Unlock()
	l.reading.Unlock()
}

// yieldToReader waits while a reader waits for the lock.
func (l *Ledger) yieldToReader() {
	if l.waiting.Load() {
		l.reading.Lock()
		l.reading.Unlock() //nolint:staticcheck // it only waits
	}
}

// Top returns the first n hashes by rank as of now, n at most TopLen.
func (l *Ledger) Top(n int, now time.Time) []HashRow {
	rows := make([]HashRow, min(max(n, 0), TopLen))
	v := l.epoch.instantAt(now)
	l.startReading()
	defer l.endReading()
	rows = rows[:min(len(rows), l.top.n)]
	l.refreshSome(len(rows))
	l.refreshRelated(len(rows))
	none := 0
	for i := range rows {
		member := l.top.order[i]
		l.fill(&rows[i], l.top.members[member].place, &v, &none)
		rows[i].Rank, rows[i].Related = i+1, int(l.top.related[member])
	}
	return rows
}

// NamesOf returns the names of hashes, in their order; "" for one that is unknown.
func (l *Ledger) NamesOf(hashes [][20]byte) []string {
	names := make([]string, len(hashes))
	l.startReading()
	defer l.endReading()
	if len(l.names) == 0 {
		return names
	}
	for i := range hashes {
		if a, place := l.find(l.index.key(&hashes[i]), &hashes[i]); a != nil {
			names[i] = l.names[place]
		}
	}
	return names
}

// Row returns the account of one hash. Its Rank is 0.
func (l *Ledger) Row(hash [20]byte, now time.Time) (r HashRow, known bool) {
	v := l.epoch.instantAt(now)
	l.startReading()
	defer l.endReading()
	a, place := l.find(l.index.key(&hash), &hash)
	if a == nil {
		return HashRow{}, false
	}
	refresh := 2 // sources and peers
	l.fill(&r, place, &v, &refresh)
	r.Related = l.related(&hash)
	return r, true
}

// fill sets all of r but Rank and Related. refresh is how many of its stale sketches may be estimated again.
func (l *Ledger) fill(r *HashRow, place uint32, v *instant, refresh *int) {
	l.total(r, place, refresh)
	var one rates
	if p := l.rates.of(l.accounts.at(place), &one); p != nil {
		p.measure(r, v)
	}
}

// total sets the fields of r that do not depend on the time.
func (l *Ledger) total(r *HashRow, place uint32, refresh *int) {
	a := l.accounts.at(place)
	*r = HashRow{
		InfoHash: a.hash, Name: l.names[place],
		Requests: uint64(a.demand()), RawRequests: uint64(a.demand()) + uint64(l.repeated[place]), Maintenance: uint64(a.upkeep()),
		Announces: uint64(a.announces), Samples: uint64(a.samples), Tracked: uint64(l.trackedOf(a, place)), Vantages: a.vantages, Unproven: !a.sizes.proven(),
		Sources: l.sets.size(a.sources, a.sizes.sources(), refresh), Peers: l.sets.size(a.peers, a.sizes.peers(), refresh),
		FirstSeen: l.epoch.time(a.first), LastSeen: l.epoch.time(a.last),
	}
	if s, known := l.swarms[place]; known {
		r.Seeds, r.PeersEstimate = int(s.seeds), int(s.peers)
		r.Sources, r.Peers = max(r.Sources, int(s.leastSources)), max(r.Peers, int(s.leastPeers))
	}
}
