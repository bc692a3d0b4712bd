package simnet

import (
	"math/bits"
	"slices"
)

// keyBits is the length of a key, the start of an ID.
const keyBits = 64

// keys is a sorted list of distinct keys, with a directory of where those that start with the same bits
// begin: a search then looks at some slotKeys neighbours and not at all of memory.
type keys struct {
	sorted []uint64
	starts []uint32 // by the first bits; one more than there are slots
	shift  int      // that leaves those bits of a key
}

// slotKeys is how many keys share a slot of the directory, on average at least: half a byte a key.
const slotKeys = 8

func newKeys(n int, key func(i int) uint64) keys {
	k := keys{sorted: make([]uint64, n), shift: keyBits - bits.Len(uint(n/slotKeys))}
	for i := range k.sorted {
		k.sorted[i] = key(i)
	}
	slices.Sort(k.sorted)
	k.starts = make([]uint32, 1<<(keyBits-k.shift)+1)
	slot := 0
	for i, key := range k.sorted {
		for ; uint64(slot) <= key>>k.shift; slot++ {
			k.starts[slot] = uint32(i)
		}
	}
	for ; slot < len(k.starts); slot++ {
		k.starts[slot] = uint32(n)
	}
	return k
}

// from returns the rank of the first key that is not below key.
func (k *keys) from(key uint64) int {
	slot := key >> k.shift
	lo := int(k.starts[slot])
	at, _ := slices.BinarySearch(k.sorted[lo:k.starts[slot+1]], key)
	return lo + at
}

// span returns the ranks, hi not among them, of the keys that share the first prefix bits with key.
func (k *keys) span(key uint64, prefix int) (lo, hi int) {
	if prefix <= 0 {
		return 0, len(k.sorted)
	}
	rest := ^uint64(0) >> prefix
	lo, hi = k.from(key&^rest), len(k.sorted)
	if last := key | rest; last != ^uint64(0) {
		hi = k.from(last + 1)
	}
	return lo, hi
}

// sibling returns the ranks of the keys that share exactly the first prefix bits with key.
func (k *keys) sibling(key uint64, prefix int) (lo, hi int) {
	return k.span(key^1<<(keyBits-1-prefix), prefix+1)
}

// near calls visit with the ranks of the keys, closest to target first, until it returns false.
func (k *keys) near(target uint64, visit func(rank int) bool) {
	k.nearIn(target, 0, len(k.sorted), 0, visit)
}

// nearIn is near among the keys from lo to hi, which share the first prefix bits: first the half that
// has the next bit of target, then the other.
func (k *keys) nearIn(target uint64, lo, hi, prefix int, visit func(rank int) bool) bool {
	switch hi - lo {
	case 0:
		return true
	case 1:
		return visit(lo)
	}
	bit := uint64(1) << (keyBits - 1 - prefix)
	middle := k.from(k.sorted[lo]&^(bit<<1-1) | bit)
	if target&bit == 0 {
		return k.nearIn(target, lo, middle, prefix+1, visit) && k.nearIn(target, middle, hi, prefix+1, visit)
	}
	return k.nearIn(target, middle, hi, prefix+1, visit) && k.nearIn(target, lo, middle, prefix+1, visit)
}
