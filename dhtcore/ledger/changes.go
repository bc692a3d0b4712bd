package ledger

import "time"

// changes are what a store has not got yet: deltas of the accounts that were sighted since the last
// Changes. There are two lists, so that one is read, a few rows at a time, while sightings go into the
// other. Nothing is kept before the first call of Changes: without a store there is none.
type changes struct {
	on      bool
	lists   [2]slab[change]
	current uint32 // the list that grows
}

type change struct{ place, requests, announces, samples uint32 }

func (c *change) see(kind Kind) {
	switch kind {
	case Requested:
		count(&c.requests, 1)
	case Announced:
		count(&c.announces, 1)
	case Sampled:
		count(&c.samples, 1)
	}
}

const (
	rowsAtATime  = 256 // that Changes makes before it lets others have the lock: some 50 us
	chunksToKeep = 64  // of an emptied list, 16 KiB each
)

// changed returns the change of a, a new one if there is none.
func (l *Ledger) changed(a *account, place uint32) *change {
	c := &l.changes
	if a.change != 0 {
		return c.lists[a.change&1].at(a.change>>1 - 1)
	}
	i := c.lists[c.current].add()
	a.change = (i+1)<<1 | c.current
	entry := c.lists[c.current].at(i)
	*entry = change{place: place}
	return entry
}

// Changes returns a row for every hash that was sighted since the last call, with the counts that
// came since then, for a store that adds them up. The first call returns all hashes; from then on the
// ledger takes 16 bytes for each that changed. Unsaved takes back what could not be stored.
func (l *Ledger) Changes(now time.Time) []Row {
	l.reader.Lock()
	defer l.reader.Unlock()
	list := l.turnOver()
	rows := make([]Row, 0, list.n)
	for len(rows) < cap(rows) {
		rows = l.changedRows(rows, list, now)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	list.n = 0
	if len(list.chunks) > chunksToKeep {
		clear(list.chunks[chunksToKeep:])
		list.chunks = list.chunks[:chunksToKeep]
	}
	return rows
}

// turnOver returns the list of changes until now and lets the other grow.
func (l *Ledger) turnOver() *slab[change] {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &l.changes
	if !c.on {
		c.on = true
		for place := range uint32(l.accounts.n) {
			a := l.accounts.at(place)
			*l.changed(a, place) = change{place, a.requests, a.announces, a.samples}
		}
	}
	list := &c.lists[c.current]
	c.current ^= 1
	return list
}

// changedRows appends the next rows of a list.
func (l *Ledger) changedRows(rows []Row, list *slab[change], now time.Time) []Row {
	l.mu.Lock()
	defer l.mu.Unlock()
	renew := renewATime
	for range min(rowsAtATime, cap(rows)-len(rows)) {
		c := list.at(uint32(len(rows)))
		l.accounts.at(c.place).change = 0
		rows = append(rows, Row{})
		r := &rows[len(rows)-1]
		l.fill(r, c.place, now, &renew)
		r.Requests, r.Announces, r.Samples = uint64(c.requests), uint64(c.announces), uint64(c.samples)
	}
	return rows
}

// Unsaved takes back rows that Changes returned and that could not be stored: the next Changes
// returns them again.
func (l *Ledger) Unsaved(rows []Row) {
	for len(rows) > 0 {
		n := min(rowsAtATime, len(rows))
		l.takeBack(rows[:n])
		rows = rows[n:]
	}
}

func (l *Ledger) takeBack(rows []Row) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range rows {
		r := &rows[i]
		a, place := l.find(l.index.key(&r.InfoHash), &r.InfoHash)
		if a == nil || !l.changes.on {
			continue
		}
		c := l.changed(a, place)
		count(&c.requests, r.Requests)
		count(&c.announces, r.Announces)
		count(&c.samples, r.Samples)
	}
}
