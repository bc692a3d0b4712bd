package peers

import (
	"math"
	"math/rand/v2"

	"dhtop/dhtcore/wire"
)

// A deserted swarm has no peers, and is kept for its completed count as long as no other swarm needs its place. It has a
// block in the pool of these instead of blocks of records, so that one can be chosen at random; runs[IPv4].block is its
// place there.

// noPeers is the oldest of a deserted swarm.
const noPeers = math.MaxUint32

// desertedLooked is how many deserted swarms are compared to find one with a small count.
const desertedLooked = 4

func (sw *swarm) deserted() bool { return sw.oldest == noPeers }

// Deserted returns how many deserted swarms the store holds.
func (s *Store) Deserted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deserted.n
}

// emptied keeps a swarm that has no peers any more as a deserted one and returns it, or removes it and returns nil if
// nothing was completed in it.
func (s *Store) emptied(sw *swarm, id uint32) *swarm {
	switch {
	case sw.completed == 0:
		s.removeSwarm(id)
		return nil
	case !sw.deserted():
		sw.oldest = noPeers
		sw.runs[wire.IPv4].block = s.deserted.take(id)
	}
	return sw
}

// revive takes a swarm out of the deserted ones: it gets a peer, or is removed.
func (s *Store) revive(sw *swarm) {
	block := sw.runs[wire.IPv4].block
	if owner, moved := s.deserted.free(block); moved {
		s.swarms.at(owner).runs[wire.IPv4].block = block
	}
	sw.oldest, sw.runs[wire.IPv4].block = noPeers-1, 0
}

// evictDeserted removes one of the deserted swarms, if there are any. Of a few it is the one with the smallest count:
// anybody can complete any number of torrents that nobody else knows, once each.
func (s *Store) evictDeserted() {
	if s.deserted.n == 0 {
		return
	}
	var evict uint32
	least := uint32(math.MaxUint32)
	for range desertedLooked {
		id := s.deserted.owner(uint32(rand.IntN(s.deserted.n)))
		if sw := s.swarms.at(id); sw.completed <= least {
			evict, least = id, sw.completed
		}
	}
	s.removeSwarm(evict)
}
