package ledger

import "time"

// startReading takes the lock, before any sighting that does not have it yet: under a flood of them a
// Snapshot would else wait for a millisecond, as a mutex hardly ever passes to who must wake up first.
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

// letPass waits for a reader that waits for the lock.
func (l *Ledger) letPass() {
	if l.waiting.Load() {
		l.reading.Lock()
		l.reading.Unlock() //nolint:staticcheck // to wait is all
	}
}

// Top returns the first n hashes by rank as of now, n at most TopLen.
func (l *Ledger) Top(n int, now time.Time) []HashRow {
	rows := make([]HashRow, min(max(n, 0), TopLen))
	v := l.viewAt(now)
	l.startReading()
	defer l.endReading()
	rows = rows[:min(len(rows), l.top.n)]
	l.renewSome(len(rows))
	l.relateSome(len(rows))
	none := 0
	for i := range rows {
		member := l.top.order[i]
		l.fill(&rows[i], l.top.members[member].place, &v, &none)
		rows[i].Rank, rows[i].Related = i+1, int(l.top.related[member])
	}
	return rows
}

// Row returns the account of one hash; its Rank is 0.
func (l *Ledger) Row(hash [20]byte, now time.Time) (r HashRow, known bool) {
	v := l.viewAt(now)
	l.startReading()
	defer l.endReading()
	a, place := l.find(l.index.key(&hash), &hash)
	if a == nil {
		return HashRow{}, false
	}
	renew := 2 // sources and peers
	l.fill(&r, place, &v, &renew)
	r.Related = l.related(&hash)
	return r, true
}

// fill makes r the row of an account, without what it is related to. renew is how many of its stale
// sketches may be read again.
func (l *Ledger) fill(r *HashRow, place uint32, v *view, renew *int) {
	l.total(r, place, renew)
	var one pace
	if p := l.paceOf(l.accounts.at(place), &one); p != nil {
		p.measure(r, v)
	}
}

// total makes r what an account says of all time.
func (l *Ledger) total(r *HashRow, place uint32, renew *int) {
	a := l.accounts.at(place)
	*r = HashRow{
		InfoHash: a.hash, Name: l.names[place],
		Requests: uint64(a.requests), RawRequests: uint64(a.requests) + uint64(l.repeated[place]),
		Announces: uint64(a.announces), Samples: uint64(a.samples), Vantages: a.vantages,
		Sources: l.size(a.sources, a.sizes.sources(), renew), Peers: l.size(a.peers, a.sizes.peers(), renew),
		FirstSeen: l.time(a.first), LastSeen: l.time(a.last),
	}
	if s, known := l.swarms[place]; known {
		r.Seeds, r.PeersEstimate = int(s.seeds), int(s.peers)
		r.Sources, r.Peers = max(r.Sources, int(s.leastSources)), max(r.Peers, int(s.leastPeers))
	}
}
