package ledger

// swarm is what others say about the swarm of a hash.
type swarm struct {
	seeds, peers             uint32 // by the BEP 33 filters of the last lookup
	leastSources, leastPeers uint32 // lower bounds from a store
}

// Swarm records the BEP 33 estimates of the last lookup of a known hash.
func (l *Ledger) Swarm(hash [20]byte, seeds, peers int) {
	l.lock()
	defer l.mu.Unlock()
	a, place := l.find(l.index.key(&hash), &hash)
	if a == nil {
		return
	}
	s := l.swarms[place]
	s.seeds, s.peers = clamp(seeds), clamp(peers)
	l.swarms[place] = s
	if l.changes.on {
		l.changes.of(a, place)
	}
}
