package ledger

// Restore makes a store's row the account of its hash: counts are what the row says and what the
// ledger has counted since the last Changes, which therefore must be stored, or given back to Unsaved,
// before the row is read. Nothing of it becomes a change. Sources and Peers are at least those of the
// row. The row may be of a hash that has no account.
func (l *Ledger) Restore(r HashRow) {
	first, last := l.stamp(r.FirstSeen), l.stamp(r.LastSeen)
	key := l.index.key(&r.InfoHash)
	l.lock()
	defer l.mu.Unlock()
	l.startChanges()
	a, place := l.find(key, &r.InfoHash)
	if a == nil {
		a, place = l.open(key, &r.InfoHash, first)
	}
	var c change
	if a.change != 0 {
		c = *l.changes.entry(a)
	}
	restore(&a.requests, r.Requests, c.requests)
	restore(&a.announces, r.Announces, c.announces)
	restore(&a.samples, r.Samples, c.samples)
	repeats := l.repeated[place]
	if restore(&repeats, r.RawRequests-min(r.Requests, r.RawRequests), c.repeats); repeats > 0 {
		l.repeated[place] = repeats
	}
	if first != (stamp{}) && first.ms() < a.first.ms() {
		a.first = first
	}
	if last.ms() > a.last.ms() {
		l.follow(a, place, false, last)
		a.last = last
	}
	a.vantages |= r.Vantages
	l.restoreRest(&r, place)
	l.raise(a, place)
}

// restore makes a count what was stored and what came since. It never falls, as ranks only rise.
func restore(n *uint32, stored uint64, since uint32) {
	count(&since, stored)
	*n = max(*n, since)
}

func (l *Ledger) restoreRest(r *HashRow, place uint32) {
	if l.names[place] == "" && r.Name != "" {
		l.names[place] = r.Name
	}
	s := l.swarms[place]
	if s.seeds == 0 && s.peers == 0 {
		s.seeds, s.peers = clamped(r.Seeds), clamped(r.PeersEstimate)
	}
	s.leastSources, s.leastPeers = clamped(r.Sources), clamped(r.Peers)
	if s != (swarm{}) {
		l.swarms[place] = s
	}
}
