package peers

import (
	"time"

	"dhtop/dhtcore/wire"
)

// Held is what a Store holds for others, and what it had no room for.
type Held struct {
	Swarms    int
	Peers     [wire.Families]int
	Seeds     int                   // of the peers
	Bytes     int                   // of memory, about
	OverShare uint64                // announces of new peers whose IP address had its share of the swarm or of the store, so far
	Full      uint64                // announces of new peers that found the swarm or the store full, so far
	Expiring  [len(ExpireSteps)]int // peers that expire within ExpireSteps unless they announce again

	MaxSwarms, MaxPeers int
}

// ExpireSteps are the times ahead for which Held says what expires.
var ExpireSteps = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// limited counts the announces that met a limit. Guarded by Store.mu.
type limited struct{ overShare, full uint64 }

// Held walks all swarms, but holds the lock only for a few at a time, as Expire does. A swarm that moves meanwhile may be
// missed or counted twice. Call it every few seconds at most, not from the goroutine that answers packets.
func (s *Store) Held(now time.Time) (h Held) {
	h.MaxSwarms, h.MaxPeers = s.cfg.MaxHashes, s.cfg.MaxTotal
	at, next := s.second(now), 0
	for more := true; more; {
		more = s.heldByFew(&h, at, &next)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.Swarms, h.Bytes = s.swarms.n-s.deserted.n, s.bytes()
	h.OverShare, h.Full = s.limited.overShare, s.limited.full
	return h
}

// heldByFew counts the peers of some swarms from next on, and reports whether there are more.
func (s *Store) heldByFew(h *Held, at uint32, next *int) (more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for looked := 0; *next < s.swarms.n && looked < expireStep; *next++ {
		sw := s.swarms.at(uint32(*next))
		for f := range wire.Families {
			l := s.list(sw, f)
			h.Peers[f] += l.n
			looked += l.n
			for i := range l.n {
				if l.seed(i) {
					h.Seeds++
				}
				left := time.Duration(s.ttl()) * time.Second
				if age := at - min(l.at(i), at); age > 0 {
					left -= time.Duration(age) * time.Second
				}
				for step, within := range ExpireSteps {
					if left <= within {
						h.Expiring[step]++
					}
				}
			}
		}
		looked++
	}
	return *next < s.swarms.n
}

// bytes returns about how much memory the swarms, their peers and the indexes take. mu is held.
func (s *Store) bytes() (n int) {
	n = len(s.swarms.chunks)*chunkLen + s.index.bytes() + s.hosts.bytes() + s.deserted.bytes()
	for f := range s.pools {
		for class := range s.pools[f] {
			n += s.pools[f][class].bytes()
		}
	}
	return n
}

// bytes returns how much memory the slots of an index take.
func (x *index) bytes() (n int) {
	const entry = 8
	for i := range x.shards {
		n += cap(x.shards[i].Slots()) * entry
	}
	return n
}
