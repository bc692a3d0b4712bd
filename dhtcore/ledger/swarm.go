package ledger

// swarm is what is known of a hash's swarm beyond our sightings.
type swarm struct {
	seeds, peers             uint32 // by the BEP 33 filters of the last lookup
	leastSources, leastPeers uint32 // by a store
}

// Swarm records the BEP 33 estimates of the last lookup of a hash that is known.
func (l *Ledger) Swarm(hash [20]byte, seeds, peers int) {
	l.lock()
	defer l.mu.Unlock()
	a, place := l.find(l.index.key(&hash), &hash)
	if a == nil {
		return
	}
	s := l.swarms[place]
	s.seeds, s.peers = clamped(seeds), clamped(peers)
	l.swarms[place] = s
	if l.changes.on {
		l.changed(a, place)
	}
}
