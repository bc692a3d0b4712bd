// Package openaddr has the hash table of stores that hold millions of records: open addressing with linear probing,
// eight bytes an entry.
//
// A store keeps its records by number, hashes their keys itself, with a seed where others choose the keys, and spreads
// the hashes over many Tables, so that no call pays for growing all of them. A Table maps the tag, 32 bits of the hash,
// to the number. It has no pointers, so that the garbage collector does not scan it, and no lock: the store has one.
package openaddr

// Entry is a number under its tag. Value is 0 in an empty slot.
type Entry struct{ Tag, Value uint32 }

// Table is a hash table. The zero value is empty.
type Table struct {
	slots []Entry
	n     int
}

// A table grows to 3/2 when it is 13/16 full, which leaves 5 to 7 bytes of 8 in use, and Shrink halves it when less
// than a quarter is.
const minSlots = 8

// Len returns how many entries the table has.
func (t *Table) Len() int { return t.n }

// Slots returns all slots, the empty ones included. They are valid until the next change.
func (t *Table) Slots() []Entry { return t.slots }

// home is the slot where probing for a tag starts. It grows with the tag, and needs no division.
func (t *Table) home(tag uint32) int { return int(uint64(tag) * uint64(len(t.slots)) >> 32) }

func (t *Table) next(i int) int {
	if i++; i < len(t.slots) {
		return i
	}
	return 0
}

// distance is the number of steps from one slot to another.
func (t *Table) distance(from, to int) int {
	if to < from {
		to += len(t.slots)
	}
	return to - from
}

// Find returns the entry of a tag whose value is the right one, or nil, as several keys may have the same tag. It is
// valid until the next Add, Remove or Shrink.
func (t *Table) Find(tag uint32, is func(value uint32) bool) *Entry {
	if t.n == 0 {
		return nil
	}
	for i := t.home(tag); t.slots[i].Value != 0; i = t.next(i) {
		if e := &t.slots[i]; e.Tag == tag && is(e.Value) {
			return e
		}
	}
	return nil
}

// Add inserts a value, which must not be 0.
func (t *Table) Add(tag, value uint32) {
	if 16*(t.n+1) > 13*len(t.slots) {
		t.resize(max(minSlots, len(t.slots)*3/2))
	}
	t.put(Entry{tag, value})
	t.n++
}

func (t *Table) put(e Entry) {
	i := t.home(e.Tag)
	for t.slots[i].Value != 0 {
		i = t.next(i)
	}
	t.slots[i] = e
}

func (t *Table) resize(slots int) {
	old := t.slots
	t.slots = make([]Entry, slots)
	for _, e := range old {
		if e.Value != 0 {
			t.put(e)
		}
	}
}

// Remove deletes an entry that Find returned. Later entries move up where their probing allows, so that no tombstones
// pile up.
func (t *Table) Remove(e *Entry) {
	hole := t.home(e.Tag)
	for &t.slots[hole] != e {
		hole = t.next(hole)
	}
	for i := t.next(hole); t.slots[i].Value != 0; i = t.next(i) {
		if t.distance(t.home(t.slots[i].Tag), i) >= t.distance(hole, i) {
			t.slots[hole] = t.slots[i]
			hole = i
		}
	}
	t.slots[hole] = Entry{}
	t.n--
}

// Shrink halves the table if it is less than a quarter full.
func (t *Table) Shrink() {
	if t.n*4 < len(t.slots) && len(t.slots) > minSlots {
		t.resize(max(minSlots, len(t.slots)/2))
	}
}
