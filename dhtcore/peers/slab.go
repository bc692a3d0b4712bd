package peers

import "dhtop/dhtcore/wire"

// slab holds the swarms without gaps: the last one moves to where one is removed. It grows by chunks, so
// that growth copies nothing.
type slab struct {
	chunks []*[swarmsAChunk]swarm
	n      int
}

const swarmsAChunk = chunkLen / 64 // 64 bytes each

func (s *slab) at(i uint32) *swarm { return &s.chunks[i/swarmsAChunk][i%swarmsAChunk] }

func (s *slab) add(sw swarm) (id uint32) {
	if s.n == len(s.chunks)*swarmsAChunk {
		s.chunks = append(s.chunks, new([swarmsAChunk]swarm))
	}
	id = uint32(s.n)
	s.n++
	*s.at(id) = sw
	return id
}

// removeLast removes the last swarm.
func (s *slab) removeLast() {
	s.n--
	if spare := len(s.chunks) - 1; s.n <= (spare-1)*swarmsAChunk { // one empty chunk stays
		s.chunks[spare] = nil
		s.chunks = s.chunks[:spare]
	}
}

// find returns the swarm of hash and its place, or nil.
func (s *Store) find(key uint64, hash *[20]byte) (sw *swarm, id uint32) {
	e := s.index.find(key, func(value uint32) bool { return s.swarms.at(value-1).hash == *hash })
	if e == nil {
		return nil, 0
	}
	return s.swarms.at(e.Value - 1), e.Value - 1
}

func (s *Store) addSwarm(key uint64, hash [20]byte, at uint32) (*swarm, uint32) {
	id := s.swarms.add(swarm{hash: hash, oldest: at})
	s.index.add(key, id+1)
	return s.swarms.at(id), id
}

// removeSwarm removes a swarm that has no peers any more. The last swarm moves to its place.
func (s *Store) removeSwarm(id uint32) {
	sw := s.swarms.at(id)
	s.keepAnnounces(sw)
	if sw.deserted() {
		s.revive(sw)
	}
	key := s.key(sw.hash)
	s.index.remove(key, s.index.find(key, func(value uint32) bool { return value == id+1 }))
	if last := uint32(s.swarms.n - 1); id != last {
		sw := s.swarms.at(last)
		s.index.find(s.key(sw.hash), func(value uint32) bool { return value == last+1 }).Value = id + 1
		for f := range wire.Families {
			if r := sw.runs[f]; r.class != 0 {
				s.pools[f][r.class].setOwner(r.block, id)
			}
		}
		if sw.deserted() {
			s.deserted.setOwner(sw.runs[wire.IPv4].block, id)
		}
		*s.swarms.at(id) = *sw
	}
	s.swarms.removeLast()
}
