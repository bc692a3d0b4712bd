package ledger

// Restore makes a row of a store the account of its hash: counts become those of the row plus what was counted
// since the last Changes. So what Changes returned must have been stored, or given back with Unsaved, before the
// row was read. Restoring is not a change. Sources and Peers become at least those of the row. The hash need not
// have an account. A row of nothing but maintenance is left alone, as it has no rank.
func (l *Ledger) Restore(r HashRow) {
	first, last := l.epoch.stamp(r.FirstSeen), l.epoch.stamp(r.LastSeen)
	key := l.index.key(&r.InfoHash)
	l.lock()
	defer l.mu.Unlock()
	l.trackChanges()
	if r.OnlyMaintenance() {
		return
	}
	a, place := l.find(key, &r.InfoHash)
	if a == nil {
		a, place = l.newAccount(key, &r.InfoHash, first)
	} else if a.sizes.maintenance() {
		l.makeReal(key, a, place)
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
	l.restoreTracked(&r, a, place, c.tracked)
	if first != (stamp{}) && first.ms() < a.first.ms() {
		a.first = first
	}
	if last.ms() > a.last.ms() {
		l.rates.record(&l.accounts, a, place, false, last)
		a.last = last
	}
	a.vantages |= r.Vantages
	if !r.Unproven {
		a.sizes |= provenBit
	}
	l.restoreRest(&r, place)
	l.rise(a, place)
}

// restore sets a count to what was stored and what came since. It never falls, as ranks only rise.
func restore(n *uint32, stored uint64, since uint32) {
	addCount(&since, stored)
	*n = max(*n, since)
}

func (l *Ledger) restoreRest(r *HashRow, place uint32) {
	if l.names[place] == "" && r.Name != "" {
		l.names[place] = r.Name
	}
	s := l.swarms[place]
	if s.seeds == 0 && s.peers == 0 {
		s.seeds, s.peers = clamp(r.Seeds), clamp(r.PeersEstimate)
	}
	s.leastSources, s.leastPeers = clamp(r.Sources), clamp(r.Peers)
	if s != (swarm{}) {
		l.swarms[place] = s
	}
}
