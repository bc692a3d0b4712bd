package ledger

import "slices"

// smallSets holds the members of small sets in blocks by class: 2, 4, 8, 16 and 32 members in the order of arrival,
// beyond that open-addressing hash tables of 64 to 512 slots, at most three quarters full. 0 is an empty slot. A
// set grows through the classes, and other sets reuse its old blocks.
type smallSets struct {
	classes [setClasses]blocks
}

const (
	setClasses  = 9
	listClasses = 5
	chunkWords  = 4096 // a chunk of blocks is 16 KiB
)

func slotsOf(class int) int { return 2 << class }

func classOf(n int) int {
	for class := range setClasses {
		if slots := slotsOf(class); class < listClasses && n <= slots || 4*n <= 3*slots {
			return class
		}
	}
	panic("ledger: a set beyond exactUpTo")
}

// blocks are the blocks of one class.
type blocks struct {
	chunks [][]uint32
	n      uint32 // ever allocated
	freed  uint32 // the first free block + 1; its first slot holds the next
}

func (s *smallSets) block(class int, i uint32) []uint32 {
	slots := slotsOf(class)
	at := int(i) * slots
	return s.classes[class].chunks[at/chunkWords][at%chunkWords:][:slots]
}

// alloc returns an empty block.
func (s *smallSets) alloc(class int) (i uint32) {
	b := &s.classes[class]
	if b.freed != 0 {
		i = b.freed - 1
		block := s.block(class, i)
		b.freed = block[0]
		clear(block)
		return i
	}
	if int(b.n)*slotsOf(class) == len(b.chunks)*chunkWords {
		b.chunks = append(b.chunks, make([]uint32, chunkWords))
	}
	b.n++
	return b.n - 1
}

func (s *smallSets) free(class int, i uint32) {
	b := &s.classes[class]
	s.block(class, i)[0] = b.freed
	b.freed = i + 1
}

// slot is where probing for a member starts.
func slot(class int, m uint32) uint32 { return m * 0x9e3779b1 >> (31 - class) }

// has reports whether a block of n members holds m.
func (s *smallSets) has(class int, i uint32, n int, m uint32) bool {
	block := s.block(class, i)
	if class < listClasses {
		return slices.Contains(block[:n], m)
	}
	mask := uint32(len(block) - 1)
	for at := slot(class, m); block[at] != 0; at = (at + 1) & mask {
		if block[at] == m {
			return true
		}
	}
	return false
}

// insert adds m to a block of n members, which has room and does not hold it.
func (s *smallSets) insert(class int, i uint32, n int, m uint32) {
	block := s.block(class, i)
	if class < listClasses {
		block[n] = m
		return
	}
	at, mask := slot(class, m), uint32(len(block)-1)
	for block[at] != 0 {
		at = (at + 1) & mask
	}
	block[at] = m
}

func (s *smallSets) each(class int, i uint32, f func(m uint32)) {
	for _, m := range s.block(class, i) {
		if m != 0 {
			f(m)
		}
	}
}
