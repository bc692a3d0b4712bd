package crawl

// index finds records by a key, by open addressing: it holds their numbers in the list, plus one. An entry whose
// record has another key by now is dead weight until the next rebuild. The zero value has no room.
type index struct {
	slots []uint32
	used  int
}

// minSlots is the size of the smallest index.
const minSlots = 1 << 10

// newIndex returns an empty index in which n entries take at most three eighths.
func newIndex(n int) index {
	size := minSlots
	for n > size/8*3 {
		size *= 2
	}
	return index{slots: make([]uint32, size)}
}

// full reports whether the index must be rebuilt before the next put.
func (x *index) full() bool { return x.used >= len(x.slots)/4*3 }

func (x *index) slot(key uint64) int { return int(mix(key, mixA) & uint64(len(x.slots)-1)) }

// put enters the number of a record; there is room.
func (x *index) put(key uint64, number int) {
	i := x.slot(key)
	for x.slots[i] != 0 {
		i = (i + 1) & (len(x.slots) - 1)
	}
	x.slots[i] = uint32(number + 1)
	x.used++
}

// find returns the first record under key that matches, or nil.
func (x *index) find(key uint64, list []record, matches func(*record) bool) *record {
	if len(x.slots) == 0 {
		return nil
	}
	for i := x.slot(key); x.slots[i] != 0; i = (i + 1) & (len(x.slots) - 1) {
		if r := &list[x.slots[i]-1]; matches(r) {
			return r
		}
	}
	return nil
}

// number returns the number of the record with that address, which is in the index.
func (x *index) number(addr uint64, list []record) int {
	for i := x.slot(addr); ; i = (i + 1) & (len(x.slots) - 1) {
		if n := int(x.slots[i]) - 1; list[n].addr == addr {
			return n
		}
	}
}
