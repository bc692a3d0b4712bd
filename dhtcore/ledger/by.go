package ledger

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

const (
	// MaxTopBy is how many rows TopBy returns at most.
	MaxTopBy = 10_000

	accountsAtATime = 1024 // that TopBy looks at before it lets others have the lock: some 50 us
	relatedRows     = 16   // that it makes at a time: each looks for those that look alike
)

// TopBy returns the first n hashes by a column as of now, n at most MaxTopBy, of equal ones those of a
// higher rank first. A Row's Rank is its place in this order. Hashes without a request in its time are
// not in the rankings by rate, minutes and hour, and those without a name are last by name either way.
//
// It looks at all accounts, a few at a time and each as it is then, for some 30 ms a million.
// Sightings wait no longer for it than for Top. For requests, descending, Top is the same at once.
func (l *Ledger) TopBy(column Column, descending bool, n int, now time.Time) []HashRow {
	v := l.viewAt(now)
	b := best{column: column, descending: descending, n: min(max(n, 0), MaxTopBy)}
	if b.n == 0 {
		return nil
	}
	for from, more := uint32(0), true; more; from += accountsAtATime {
		more = l.nominate(&b, from, &v)
		if len(b.all) >= 2*b.n {
			b.cut()
		}
	}
	b.cut()
	return l.rowsOf(b.all, &v)
}

// best are the best candidates so far, at least n if there are.
type best struct {
	column     Column
	descending bool
	n          int
	all        []candidate
	bar        candidate // the n-th, once there are n
	barred     bool
}

// candidate is an account as it was when it was looked at.
type candidate struct {
	value float64
	name  string
	hash  [20]byte
	ranked
}

// nominate adds the candidates among the accounts from a place on, and tells whether there are more.
func (l *Ledger) nominate(b *best, from uint32, v *view) (more bool) {
	l.lock()
	defer l.mu.Unlock()
	to := min(from+accountsAtATime, uint32(l.accounts.n))
	for place := from; place < to; place++ {
		a := l.accounts.at(place)
		if a.pace == vacant {
			continue
		}
		value := l.value(b.column, a, place, v)
		if b.paced() && value == 0 || b.barred && b.hopeless(value) {
			continue
		}
		c := candidate{value: value, hash: a.hash, ranked: rankedOf(a, place)}
		if b.column == ByName {
			c.name = l.names[place]
		}
		if !b.barred || b.compare(&c, &b.bar) < 0 {
			b.all = append(b.all, c)
		}
	}
	return int(to) < l.accounts.n
}

func (b *best) paced() bool { return b.column == ByRate || b.column == ByMinutes || b.column == ByHour }

// hopeless tells quickly of most values that they come after the bar.
func (b *best) hopeless(value float64) bool {
	if b.descending {
		return value < b.bar.value
	}
	return value > b.bar.value
}

// compare orders candidates: first by the column, then by rank.
func (b *best) compare(x, y *candidate) int {
	order := cmp.Compare(x.value, y.value)
	switch b.column {
	case ByName:
		if (x.name == "") != (y.name == "") {
			return cmp.Compare(len(y.name), len(x.name))
		}
		order = cmp.Compare(x.name, y.name)
	case ByInfoHash:
		order = bytes.Compare(x.hash[:], y.hash[:])
	}
	if b.descending {
		order = -order
	}
	return cmp.Or(order, cmp.Compare(y.requests, x.requests), cmp.Compare(y.announces, x.announces),
		cmp.Compare(y.samples, x.samples), cmp.Compare(x.first, y.first), bytes.Compare(x.hash[:], y.hash[:]))
}

// cut keeps the n best, in order.
func (b *best) cut() {
	slices.SortFunc(b.all, func(x, y candidate) int { return b.compare(&x, &y) })
	b.all = b.all[:min(b.n, len(b.all))]
	if len(b.all) == b.n {
		b.bar, b.barred = b.all[b.n-1], true
	}
}

// rowsOf makes rows of candidates, without those that left memory since.
func (l *Ledger) rowsOf(all []candidate, v *view) []HashRow {
	rows := make([]HashRow, 0, len(all))
	for len(all) > 0 {
		n := min(relatedRows, len(all))
		rows = l.appendRows(rows, all[:n], v)
		all = all[n:]
	}
	return rows
}

func (l *Ledger) appendRows(rows []HashRow, all []candidate, v *view) []HashRow {
	l.lock()
	defer l.mu.Unlock()
	none := 0
	for i := range all {
		hash := &all[i].hash
		a, place := l.find(l.index.key(hash), hash)
		if a == nil {
			continue
		}
		rows = append(rows, HashRow{})
		r := &rows[len(rows)-1]
		l.fill(r, place, v, &none)
		r.Rank, r.Related = len(rows), l.related(hash)
	}
	return rows
}
