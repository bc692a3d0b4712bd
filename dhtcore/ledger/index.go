package ledger

import "hash/maphash"

// index finds the places of accounts by info_hash. It is a hash table in many small shards, so that it grows a
// shard at a time and no sighting waits for a copy of all; and without pointers, so that the garbage collector does
// not scan it.
//
// Hashes that look alike are in the same shard, so that they find each other without more memory: see Related. As
// anyone can make up any number of those, a shard takes only so many; the rest go to the shard that their whole
// hash chooses.
type index struct {
	seed   maphash.Seed // as others choose the info_hashes
	shards [shards]shard
}

// key is a hash as the index knows it: whole, and the part that hashes that look alike have in common.
type key struct{ whole, likeness uint64 }

// shard is a table with linear probing.
type shard struct {
	slots []entry
	n     int
	full  bool // some hashes of this shard are away
}

// entry holds the place of an account + 1, or 0 in an empty slot, under the tag of its key.
type entry struct{ tag, place uint32 }

const (
	shards       = 4096
	minSlots     = 8
	maxInShard   = 1 << 14   // six times the mean for ten million hashes; growing takes some 100 us
	likenessMask = 1<<12 - 1 // the bits of a tag that hashes that look alike share
)

func (x *index) key(hash *[20]byte) key {
	like := likenessOf(hash)
	return key{maphash.Bytes(x.seed, hash[:]), maphash.Bytes(x.seed, like[:])}
}

// tag takes the bits that choose a slot from the whole hash, so that hashes that look alike do not cluster.
func (k key) tag() uint32 { return uint32(k.whole)&^likenessMask | k.alike() }

func (k key) alike() uint32 { return uint32(k.likeness) & likenessMask }

// home is the shard of a key; away is its shard if home is full.
func (x *index) home(k key) *shard { return &x.shards[k.likeness>>32%shards] }
func (x *index) away(k key) *shard { return &x.shards[k.whole>>32%shards] }

// home is the slot where probing for a tag starts. It grows with the tag, and needs no division.
func (s *shard) home(tag uint32) int { return int(uint64(tag) * uint64(len(s.slots)) >> 32) }

func (s *shard) next(i int) int {
	if i++; i < len(s.slots) {
		return i
	}
	return 0
}

// distance is the number of steps from one slot to another.
func (s *shard) distance(from, to int) int {
	if to < from {
		to += len(s.slots)
	}
	return to - from
}

// add inserts the place of an account that is not in the index.
func (x *index) add(k key, place uint32) {
	s := x.home(k)
	if s.n >= maxInShard {
		s.full = true
		s = x.away(k)
	}
	if 16*(s.n+1) > 13*len(s.slots) {
		old := s.slots
		s.slots = make([]entry, max(minSlots, len(old)*3/2))
		for _, e := range old {
			if e.place != 0 {
				s.put(e)
			}
		}
	}
	s.put(entry{k.tag(), place + 1})
	s.n++
}

func (s *shard) put(e entry) {
	i := s.home(e.tag)
	for s.slots[i].place != 0 {
		i = s.next(i)
	}
	s.slots[i] = e
}

// remove deletes the place of an account and reports whether it was there. Later entries move up where their
// probing allows, so that no tombstones pile up.
func (s *shard) remove(tag, place uint32) bool {
	if s.n == 0 {
		return false
	}
	hole := s.home(tag)
	for s.slots[hole].place != place+1 {
		if s.slots[hole].place == 0 {
			return false
		}
		hole = s.next(hole)
	}
	for i := s.next(hole); s.slots[i].place != 0; i = s.next(i) {
		if s.distance(s.home(s.slots[i].tag), i) >= s.distance(hole, i) {
			s.slots[hole] = s.slots[i]
			hole = i
		}
	}
	s.slots[hole] = entry{}
	s.n--
	return true
}

func (x *index) remove(k key, place uint32) {
	if s := x.home(k); !s.remove(k.tag(), place) && s.full {
		x.away(k).remove(k.tag(), place)
	}
}

// find returns the account of hash and its place, or nil.
func (l *Ledger) find(k key, hash *[20]byte) (a *account, place uint32) {
	s := l.index.home(k)
	if a, place = l.findIn(s, k.tag(), hash); a == nil && s.full {
		a, place = l.findIn(l.index.away(k), k.tag(), hash)
	}
	return a, place
}

func (l *Ledger) findIn(s *shard, tag uint32, hash *[20]byte) (a *account, place uint32) {
	if s.n == 0 {
		return nil, 0
	}
	for i := s.home(tag); s.slots[i].place != 0; i = s.next(i) {
		if e := s.slots[i]; e.tag == tag {
			if a := l.accounts.at(e.place - 1); a.hash == *hash {
				return a, e.place - 1
			}
		}
	}
	return nil, 0
}
