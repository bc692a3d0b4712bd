package ledger

import (
	"slices"
	"time"
)

// changes are the differences that a store has not got yet, one for each account that was seen since the last
// Changes. There are two lists: one is read, a few rows in each hold of the lock, while sightings go to the other.
// Nothing is recorded before the first call of Changes or Restore, as without a store there is none.
type changes struct {
	on      bool
	lists   [2]slab[change]
	current uint32    // the list that grows
	evicted []HashRow // of evicted accounts: see evict.go
	lost    int       // rows of evicted accounts that were dropped
}

// change belongs to the account at a place; vacant once that was evicted.
type change struct {
	place                                          uint32
	requests, repeats, announces, samples, tracked uint32
	sources                                        bool // the set grew
}

func (c *change) see(kind Kind, repeat bool) {
	switch {
	case repeat:
		addCount(&c.repeats, 1)
	case kind == Requested:
		addCount(&c.requests, 1)
	case kind == Announced:
		addCount(&c.announces, 1)
	case kind == Sampled:
		addCount(&c.samples, 1)
	}
}

const (
	rowsPerLock = 128 // rows that Changes fills in one hold of the lock, some 100 us
	bytesAsRow  = 512 // bytes of a sketch that take as long as a row
	keptChunks  = 64  // chunks of an emptied list that are kept, 28 KiB each
)

// of returns the change of a, a new one if it has none.
func (c *changes) of(a *account, place uint32) *change {
	if a.change != 0 {
		return c.entry(a)
	}
	i := c.lists[c.current].add()
	a.change = (i+1)<<1 | c.current
	entry := c.lists[c.current].at(i)
	*entry = change{place: place}
	return entry
}

// entry returns the change of an account that has one.
func (c *changes) entry(a *account) *change { return c.lists[a.change&1].at(a.change>>1 - 1) }

// Changes returns a row for each hash that was seen since the last call, with the counts of that time, for a store
// that adds them up. A hash that was evicted and seen again in between has two rows. The first call returns all
// hashes; from then on the ledger takes 28 bytes for each changed hash. Unsaved takes back rows that could not be
// stored.
func (l *Ledger) Changes(now time.Time) []HashRow {
	l.changing.Lock()
	defer l.changing.Unlock()
	rows, list := l.swapLists()
	v := l.epoch.instantAt(now)
	for i := 0; i < list.n; {
		rows, i = l.changedRows(rows, list, i, &v)
	}
	l.lock()
	defer l.mu.Unlock()
	list.n = 0
	if len(list.chunks) > keptChunks {
		clear(list.chunks[keptChunks:])
		list.chunks = list.chunks[:keptChunks]
	}
	return rows
}

// swapLists returns the rows of evicted accounts, with room for the other rows, and the list of changes so far, and
// directs new changes to the other list.
func (l *Ledger) swapLists() (rows []HashRow, list *slab[change]) {
	l.lock()
	defer l.mu.Unlock()
	c := &l.changes
	l.trackChanges()
	list = &c.lists[c.current]
	c.current ^= 1
	rows, c.evicted = slices.Grow(c.evicted, list.n), nil
	return rows, list
}

// trackChanges starts the recording of changes, the first time with everything that was counted.
func (l *Ledger) trackChanges() {
	if l.changes.on {
		return
	}
	l.changes.on = true
	for place := range uint32(l.accounts.n) {
		if a := l.accounts.at(place); a.rates != vacant {
			*l.changes.of(a, place) = change{place, a.requests, l.repeated[place], a.announces, a.samples, l.trackedOf(a, place), true}
		}
	}
}

// changedRows appends the next rows of a list from entry i on, and returns the entry to continue at.
func (l *Ledger) changedRows(rows []HashRow, list *slab[change], i int, v *instant) ([]HashRow, int) {
	l.lock()
	defer l.mu.Unlock()
	refresh := refreshPerTop
	for work := 0; work < rowsPerLock && i < list.n; i++ {
		c := list.at(uint32(i))
		if work++; c.place == vacant {
			continue
		}
		l.accounts.at(c.place).change = 0
		rows = append(rows, HashRow{})
		r := &rows[len(rows)-1]
		l.fill(r, c.place, v, &refresh)
		l.toDelta(r, c)
		work += len(r.Sketch) / bytesAsRow
	}
	return rows, i
}

// toDelta makes the row of an account that of a change.
func (l *Ledger) toDelta(r *HashRow, c *change) {
	r.Requests, r.Maintenance = uint64(c.requests), 0
	if l.accounts.at(c.place).sizes.maintenance() {
		r.Requests, r.Maintenance = 0, r.Requests
	}
	r.RawRequests = r.Requests + uint64(c.repeats)
	r.Announces, r.Samples, r.Tracked = uint64(c.announces), uint64(c.samples), uint64(c.tracked)
	if c.sources {
		r.Sketch = l.sets.export(l.accounts.at(c.place))
	}
}

// Unsaved takes back rows of Changes that could not be stored. The next Changes returns them again.
func (l *Ledger) Unsaved(rows []HashRow) {
	for len(rows) > 0 {
		n := min(rowsPerLock, len(rows))
		l.restoreChanges(rows[:n])
		rows = rows[n:]
	}
}

func (l *Ledger) restoreChanges(rows []HashRow) {
	l.lock()
	defer l.mu.Unlock()
	for i := range rows {
		r := &rows[i]
		a, place := l.find(l.index.key(&r.InfoHash), &r.InfoHash)
		if a == nil || l.epoch.stamp(r.FirstSeen).ms() < a.first.ms() { // it was evicted, and may have been seen again
			l.changes.keepEvicted(*r)
			continue
		}
		c := l.changes.of(a, place)
		addCount(&c.requests, r.Requests)
		if a.sizes.maintenance() { // else they are among its requests: see makeReal
			addCount(&c.requests, r.Maintenance)
		}
		addCount(&c.repeats, r.RawRequests-r.Requests)
		addCount(&c.announces, r.Announces)
		addCount(&c.samples, r.Samples)
		addCount(&c.tracked, r.Tracked)
		if r.Sketch != "" {
			c.sources = true
			if a.sizes.sources() == isSketch {
				l.sets.sketches[a.sources].exported = 0
			}
		}
	}
}
