package ledger

import (
	"slices"
	"time"
)

// changes are what a store has not got yet: deltas of the accounts that were sighted since the last
// Changes. There are two lists, so that one is read, a few rows at a time, while sightings go into the
// other. Nothing is kept before the first call of Changes or Restore, as without a store
// there is none.
type changes struct {
	on      bool
	lists   [2]slab[change]
	current uint32    // the list that grows
	left    []HashRow // of accounts that left: see forget.go
}

// change belongs to the account at a place, or to none any more if that is vacant.
type change struct {
	place                                 uint32
	requests, repeats, announces, samples uint32
	sources                               bool // there are more
}

func (c *change) see(kind Kind, repeat bool) {
	switch {
	case repeat:
		count(&c.repeats, 1)
	case kind == Requested:
		count(&c.requests, 1)
	case kind == Announced:
		count(&c.announces, 1)
	case kind == Sampled:
		count(&c.samples, 1)
	}
}

const (
	rowsAtATime  = 128 // that Changes makes before it lets others have the lock: some 100 us
	bytesAsRow   = 512 // of a sketch take as long as a row
	chunksToKeep = 64  // of an emptied list, 24 KiB each
)

// changed returns the change of a, a new one if there is none.
func (l *Ledger) changed(a *account, place uint32) *change {
	c := &l.changes
	if a.change != 0 {
		return c.entry(a)
	}
	i := c.lists[c.current].add()
	a.change = (i+1)<<1 | c.current
	entry := c.lists[c.current].at(i)
	*entry = change{place: place}
	return entry
}

// entry is the change of an account that has one.
func (c *changes) entry(a *account) *change { return c.lists[a.change&1].at(a.change>>1 - 1) }

// Changes returns a row for every hash that was sighted since the last call, with the counts that
// came since then, for a store that adds them up; one that left memory and came back in between has
// two. The first call returns all hashes; from then on the ledger takes 24 bytes for each that
// changed. Unsaved takes back what could not be stored.
func (l *Ledger) Changes(now time.Time) []HashRow {
	l.changing.Lock()
	defer l.changing.Unlock()
	rows, list := l.turnOver()
	v := l.viewAt(now)
	for i := 0; i < list.n; {
		rows, i = l.changedRows(rows, list, i, &v)
	}
	l.lock()
	defer l.mu.Unlock()
	list.n = 0
	if len(list.chunks) > chunksToKeep {
		clear(list.chunks[chunksToKeep:])
		list.chunks = list.chunks[:chunksToKeep]
	}
	return rows
}

// turnOver returns the rows of the accounts that left and the list of changes until now, with room
// in rows for those, and lets the other list grow.
func (l *Ledger) turnOver() (rows []HashRow, list *slab[change]) {
	l.lock()
	defer l.mu.Unlock()
	c := &l.changes
	l.startChanges()
	list = &c.lists[c.current]
	c.current ^= 1
	rows, c.left = slices.Grow(c.left, list.n), nil
	return rows, list
}

// startChanges makes all that there is a change, the first time.
func (l *Ledger) startChanges() {
	if l.changes.on {
		return
	}
	l.changes.on = true
	for place := range uint32(l.accounts.n) {
		if a := l.accounts.at(place); a.pace != vacant {
			*l.changed(a, place) = change{place, a.requests, l.repeated[place], a.announces, a.samples, true}
		}
	}
}

// changedRows appends the next rows of a list from entry i on, and returns where to go on.
func (l *Ledger) changedRows(rows []HashRow, list *slab[change], i int, v *view) ([]HashRow, int) {
	l.lock()
	defer l.mu.Unlock()
	renew := renewATime
	for work := 0; work < rowsAtATime && i < list.n; i++ {
		c := list.at(uint32(i))
		if work++; c.place == vacant {
			continue
		}
		l.accounts.at(c.place).change = 0
		rows = append(rows, HashRow{})
		r := &rows[len(rows)-1]
		l.fill(r, c.place, v, &renew)
		l.difference(r, c)
		work += len(r.Sketch) / bytesAsRow
	}
	return rows, i
}

// difference makes a row that of a change.
func (l *Ledger) difference(r *HashRow, c *change) {
	r.Requests, r.RawRequests = uint64(c.requests), uint64(c.requests)+uint64(c.repeats)
	r.Announces, r.Samples = uint64(c.announces), uint64(c.samples)
	if c.sources {
		r.Sketch = l.share(l.accounts.at(c.place))
	}
}

// Unsaved takes back rows that Changes returned and that could not be stored: the next Changes
// returns them again.
func (l *Ledger) Unsaved(rows []HashRow) {
	for len(rows) > 0 {
		n := min(rowsAtATime, len(rows))
		l.takeBack(rows[:n])
		rows = rows[n:]
	}
}

func (l *Ledger) takeBack(rows []HashRow) {
	l.lock()
	defer l.mu.Unlock()
	for i := range rows {
		r := &rows[i]
		a, place := l.find(l.index.key(&r.InfoHash), &r.InfoHash)
		if a == nil || l.stamp(r.FirstSeen).ms() < a.first.ms() { // it left, or left and came back
			l.leave(*r)
			continue
		}
		c := l.changed(a, place)
		count(&c.requests, r.Requests)
		count(&c.repeats, r.RawRequests-r.Requests)
		count(&c.announces, r.Announces)
		count(&c.samples, r.Samples)
		if r.Sketch != "" {
			c.sources = true
			if a.sizes.sources() == isSketch {
				l.sketches[a.sources].shared = 0
			}
		}
	}
}
