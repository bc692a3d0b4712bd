package peers

import (
	"math"

	"dhtop/dhtcore/openaddr"
)

// index maps 64-bit keys to numbers: the hash of an info_hash to the place of its swarm, the hash of an IP to
// its count of peers. It is a hash table in many small shards, so that it grows and shrinks a shard at a
// time and no call pays for all of it. The hashes must be seeded: others choose the info_hashes, and those
// that we hold share their first bits, because they are near our node ID.
type index struct {
	shards []openaddr.Table // a power of two of them; the upper half of a key chooses one, the lower half is the tag
}

// shardEntries is how many entries a shard aims for: few enough that growing a shard takes microseconds.
const shardEntries = 4096

func newIndex(entries int) index {
	shards := 1
	for shards*shardEntries < entries && shards < math.MaxUint16 {
		shards *= 2
	}
	return index{make([]openaddr.Table, shards)}
}

func (x *index) shard(key uint64) *openaddr.Table {
	return &x.shards[int(key>>32)&(len(x.shards)-1)]
}

// find returns the entry of key whose value is accepted by is, or nil. It is valid until the next add or
// remove.
func (x *index) find(key uint64, is func(value uint32) bool) *openaddr.Entry {
	return x.shard(key).Find(uint32(key), is)
}

// add inserts a value, which must not be 0.
func (x *index) add(key uint64, value uint32) { x.shard(key).Add(uint32(key), value) }

// remove deletes e, which find returned for key.
func (x *index) remove(key uint64, e *openaddr.Entry) {
	s := x.shard(key)
	s.Remove(e)
	s.Shrink()
}
