package ledger

import (
	"hash/maphash"

	"dhtop/dhtcore/openaddr"
)

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

// shard is one of its tables. An entry holds the place of an account + 1 under the tag of its key.
type shard struct {
	openaddr.Table
	full bool // some hashes of this shard are away
}

const (
	shards       = 4096
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

// add inserts the place of an account that is not in the index.
func (x *index) add(k key, place uint32) {
	s := x.home(k)
	if s.Len() >= maxInShard {
		s.full = true
		s = x.away(k)
	}
	s.Add(k.tag(), place+1)
}

// remove deletes the place of an account.
func (x *index) remove(k key, place uint32) {
	if s := x.home(k); !s.remove(k.tag(), place) && s.full {
		x.away(k).remove(k.tag(), place)
	}
}

// remove deletes the place of an account and reports whether it was there.
func (s *shard) remove(tag, place uint32) bool {
	e := s.Find(tag, func(value uint32) bool { return value == place+1 })
	if e == nil {
		return false
	}
	s.Remove(e)
	return true
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
	e := s.Find(tag, func(value uint32) bool {
		a = l.accounts.at(value - 1)
		return a.hash == *hash
	})
	if e == nil {
		return nil, 0
	}
	return a, e.Value - 1
}
