package ledger

import "hash/maphash"

// index finds the places of accounts by info_hash. It is a hash table in many small shards, so that
// it grows a shard at a time and no sighting waits for all of it; and without pointers, so that the
// garbage collector does not look at it. (dhtcore/peers has one like it, which also forgets.)
type index struct {
	seed   maphash.Seed // info_hashes are chosen by others
	shards [shards]shard
}

// shard is a table with linear probing.
type shard struct {
	slots []entry
	n     int
}

// entry holds the place of an account + 1, 0 in an empty slot, under the lower half of the hash's
// key. The upper half chooses the shard.
type entry struct{ tag, place uint32 }

const (
	shards     = 1024 // at ten million accounts one takes some 100 us to grow
	leastSlots = 8
)

func (x *index) key(hash *[20]byte) uint64 { return maphash.Bytes(x.seed, hash[:]) }

func (x *index) shard(key uint64) *shard { return &x.shards[key>>32%shards] }

// home is the slot where the probing for a tag starts. It grows with the tag, without a division.
func (s *shard) home(tag uint32) int { return int(uint64(tag) * uint64(len(s.slots)) >> 32) }

func (s *shard) next(i int) int {
	if i++; i < len(s.slots) {
		return i
	}
	return 0
}

// add puts in the place of an account that is not there yet.
func (x *index) add(key uint64, place uint32) {
	s := x.shard(key)
	if 16*(s.n+1) > 13*len(s.slots) {
		old := s.slots
		s.slots = make([]entry, max(leastSlots, len(old)*3/2))
		for _, e := range old {
			if e.place != 0 {
				s.put(e)
			}
		}
	}
	s.put(entry{uint32(key), place + 1})
	s.n++
}

func (s *shard) put(e entry) {
	i := s.home(e.tag)
	for s.slots[i].place != 0 {
		i = s.next(i)
	}
	s.slots[i] = e
}

// find returns the account of hash and its place, nil if there is none.
func (l *Ledger) find(key uint64, hash *[20]byte) (a *account, place uint32) {
	s := l.index.shard(key)
	if s.n == 0 {
		return nil, 0
	}
	for i := s.home(uint32(key)); s.slots[i].place != 0; i = s.next(i) {
		if e := s.slots[i]; e.tag == uint32(key) {
			if a := l.accounts.at(e.place - 1); a.hash == *hash {
				return a, e.place - 1
			}
		}
	}
	return nil, 0
}
