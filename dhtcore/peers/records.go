package peers

import (
	"bytes"

	"dhtop/dhtcore/wire"
)

// insert adds a record that is not in the swarm yet. A full run moves to a larger block.
func (s *Store) insert(sw *swarm, id uint32, f wire.Family, rec []byte, at uint32) {
	if sw.deserted() {
		s.revive(sw)
	}
	r := &sw.runs[f]
	if r.class == 0 || int(r.n) == capacity(r.class) {
		s.move(sw, id, f, r.class+1)
	}
	l := s.list(sw, f)
	i := l.search(rec[:f.AddrLen()])
	copy(l.records[(i+1)*len(rec):(l.n+1)*len(rec)], l.records[i*len(rec):])
	copy(l.record(i), rec)
	r.n++
	sw.oldest = min(sw.oldest, at)
	s.peers++
	sw.count(f, rec[f.AddrLen()], 1)
	s.countHost(f, rec, 1)
}

// remove removes record i. The swarm may be empty afterwards.
func (s *Store) remove(sw *swarm, id uint32, f wire.Family, i int) {
	l := s.list(sw, f)
	s.countHost(f, l.record(i), -1)
	sw.count(f, l.flags(i), -1)
	copy(l.records[i*l.size:], l.records[(i+1)*l.size:l.n*l.size])
	sw.runs[f].n--
	s.peers--
	s.shrink(sw, id, f)
}

// dropOtherPorts removes what the DHT has of the IP address of rec at other ports. What the tracker has stays: behind one
// address there may be many clients. The swarm may be empty afterwards.
func (s *Store) dropOtherPorts(sw *swarm, id uint32, f wire.Family, rec []byte) {
	l := s.list(sw, f)
	from, to := l.within(rec[:f.IPLen()])
	for i := to - 1; i >= from; i-- {
		if l.source(i) == DHT && !bytes.Equal(l.addr(i), rec[:f.AddrLen()]) {
			s.remove(sw, id, f, i)
			l = s.list(sw, f)
		}
	}
}

// shrink moves a run to a smaller block if that leaves it some room, so that a run that grows and shrinks by
// one does not move each time.
func (s *Store) shrink(sw *swarm, id uint32, f wire.Family) {
	r := &sw.runs[f]
	class := r.class
	for class >= 2 && int(r.n) <= capacity(class-2) {
		class--
	}
	if r.n == 0 {
		class = 0
	}
	if class != r.class {
		s.move(sw, id, f, class)
	}
}

// move moves a run to a block of class.
func (s *Store) move(sw *swarm, id uint32, f wire.Family, class uint8) {
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
		copy(s.pools[f][class].records(r.block), pool.records(old.block)[:int(old.n)*s.recordLen(f)])
	}
	if owner, moved := pool.free(old.block); moved {
		s.swarms.at(owner).runs[f].block = old.block
	}
}
