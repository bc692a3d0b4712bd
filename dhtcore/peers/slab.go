package peers

// slab holds the swarms without gaps: the last one moves to where one is removed. It grows by chunks,
// so that growth copies nothing.
type slab struct {
	chunks []*[swarmsAChunk]swarm
	n      int
}

const swarmsAChunk = chunkLen / 40 // 40 bytes each

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

// cut removes the last one.
func (s *slab) cut() {
	s.n--
	if spare := len(s.chunks) - 1; s.n <= (spare-1)*swarmsAChunk { // one empty chunk stays
		s.chunks[spare] = nil
		s.chunks = s.chunks[:spare]
	}
}

// find returns the swarm of hash and its place, nil if there is none.
func (s *Store) find(key uint64, hash *[20]byte) (sw *swarm, id uint32) {
	e := s.index.find(key, func(value uint32) bool { return s.swarms.at(value-1).hash == *hash })
	if e == nil {
		return nil, 0
	}
	return s.swarms.at(e.value - 1), e.value - 1
}

func (s *Store) addSwarm(key uint64, hash [20]byte, at uint32) (*swarm, uint32) {
	id := s.swarms.add(swarm{hash: hash, oldest: at})
	s.index.add(key, id+1)
	return s.swarms.at(id), id
}

// removeSwarm forgets a swarm that has no peers any more; the last swarm gets its place.
func (s *Store) removeSwarm(id uint32) {
	key := s.key(s.swarms.at(id).hash)
	s.index.remove(key, s.index.find(key, func(value uint32) bool { return value == id+1 }))
	if last := uint32(s.swarms.n - 1); id != last {
		sw := s.swarms.at(last)
		s.index.find(s.key(sw.hash), func(value uint32) bool { return value == last+1 }).value = id + 1
		for f := range families {
			if r := sw.runs[f]; r.class != 0 {
				s.pools[f][r.class].setOwner(r.block, id)
			}
		}
		*s.swarms.at(id) = *sw
	}
	s.swarms.cut()
}

// insert adds a record that is not in the swarm yet; its block moves to a larger one when it is full.
func (s *Store) insert(sw *swarm, id uint32, f family, rec []byte, at uint32) {
	r := &sw.runs[f]
	if r.class == 0 || int(r.n) == capacity(r.class) {
		s.rehouse(sw, id, f, r.class+1)
	}
	l := s.list(sw, f)
	i := l.search(rec[:f.addrLen()])
	copy(l.records[(i+1)*len(rec):(l.n+1)*len(rec)], l.records[i*len(rec):])
	copy(l.record(i), rec)
	r.n++
	sw.oldest = min(sw.oldest, at)
	s.peers++
	s.countHost(f, rec, 1)
}

// remove takes out record i. The swarm may be empty then.
func (s *Store) remove(sw *swarm, id uint32, f family, i int) {
	l := s.list(sw, f)
	s.countHost(f, l.record(i), -1)
	size := f.recordLen()
	copy(l.records[i*size:], l.records[(i+1)*size:l.n*size])
	sw.runs[f].n--
	s.peers--
	s.shrink(sw, id, f)
}

// shrink moves a run to a smaller block when that would leave it some room: one that grows and
// shrinks by one does not move each time.
func (s *Store) shrink(sw *swarm, id uint32, f family) {
	r := &sw.runs[f]
	class := r.class
	for class >= 2 && int(r.n) <= capacity(class-2) {
		class--
	}
	if r.n == 0 {
		class = 0
	}
	if class != r.class {
		s.rehouse(sw, id, f, class)
	}
}

// rehouse moves a run to a block of class.
func (s *Store) rehouse(sw *swarm, id uint32, f family, class uint8) {
	r := &sw.runs[f]
	old := *r
	r.class = class
	if class != 0 {
		r.block = s.pools[f][class].take(id)
	}
	if old.class == 0 {
		return
	}
	pool := &s.pools[f][old.class]
	if class != 0 {
		copy(s.pools[f][class].records(r.block), pool.records(old.block)[:int(old.n)*f.recordLen()])
	}
	if owner, moved := pool.free(old.block); moved {
		s.swarms.at(owner).runs[f].block = old.block
	}
}
