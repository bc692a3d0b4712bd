package peers

import "math"

// index maps 64-bit keys to numbers: the hash of an info_hash to the place of its swarm, the hash of an IP to
// its count of peers. It is a hash table in many small shards, so that it grows and shrinks a shard at a
// time and no call pays for all of it. It has no pointers, so that the garbage collector skips it. The
// hashes must be seeded: others choose the info_hashes, and those that we hold share their first bits,
// because they are near our node ID.
type index struct {
	shards []shard // a power of two of them
}

// shard is a table with linear probing.
type shard struct {
	slots []entry
	n     int
}

// entry holds a value under the lower half of its key, the tag. The upper half chooses the shard.
type entry struct {
	tag   uint32
	value uint32 // 0 marks an empty slot
}

// A shard grows to 3/2 when it is 13/16 full, and is halved when less than a quarter of it is in use.
const (
	shardEntries = 4096 // to aim for: few enough that growing a shard takes microseconds
	minSlots     = 8
)

func newIndex(entries int) index {
	shards := 1
	for shards*shardEntries < entries && shards < math.MaxUint16 {
		shards *= 2
	}
	return index{make([]shard, shards)}
}

func (x *index) shard(key uint64) *shard { return &x.shards[int(key>>32)&(len(x.shards)-1)] }

// home returns the slot where the probing for a tag starts. It scales the tag without a division.
func (s *shard) home(tag uint32) int { return int(uint64(tag) * uint64(len(s.slots)) >> 32) }

func (s *shard) next(i int) int {
	if i++; i < len(s.slots) {
		return i
	}
	return 0
}

// find returns the entry of key whose value is accepted by is, or nil. It is valid until the next add or
// remove.
func (x *index) find(key uint64, is func(value uint32) bool) *entry {
	s := x.shard(key)
	if s.n == 0 {
		return nil
	}
	for i := s.home(uint32(key)); s.slots[i].value != 0; i = s.next(i) {
		if e := &s.slots[i]; e.tag == uint32(key) && is(e.value) {
			return e
		}
	}
	return nil
}

// add adds a value, which must not be 0.
func (x *index) add(key uint64, value uint32) {
	s := x.shard(key)
	if 16*(s.n+1) > 13*len(s.slots) {
		s.resize(max(minSlots, len(s.slots)*3/2))
	}
	s.put(entry{uint32(key), value})
	s.n++
}

func (s *shard) put(e entry) {
	i := s.home(e.tag)
	for s.slots[i].value != 0 {
		i = s.next(i)
	}
	s.slots[i] = e
}

func (s *shard) resize(slots int) {
	old := s.slots
	s.slots = make([]entry, slots)
	for _, e := range old {
		if e.value != 0 {
			s.put(e)
		}
	}
}

// remove removes e, which find returned for key. The entries behind it move up where their probing allows,
// so that no tombstones pile up.
func (x *index) remove(key uint64, e *entry) {
	s := x.shard(key)
	hole := s.home(e.tag)
	for &s.slots[hole] != e {
		hole = s.next(hole)
	}
	for i := s.next(hole); s.slots[i].value != 0; i = s.next(i) {
		if s.distance(s.home(s.slots[i].tag), i) >= s.distance(hole, i) {
			s.slots[hole] = s.slots[i]
			hole = i
		}
	}
	s.slots[hole] = entry{}
	s.n--
	if s.n*4 < len(s.slots) && len(s.slots) > minSlots {
		s.resize(max(minSlots, len(s.slots)/2))
	}
}

// distance returns how many steps of probing lead from one slot to another.
func (s *shard) distance(from, to int) int {
	if to < from {
		to += len(s.slots)
	}
	return to - from
}
