package ledger

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

const (
	// MaxTopBy is the maximum number of rows that TopBy returns.
	MaxTopBy = 10_000

	accountsPerLock = 1024 // accounts that TopBy looks at in one hold of the lock, some 50 us
	rowsOfTopBy     = 16   // rows that it fills in one hold: each searches for related hashes
)

// TopBy returns the first n hashes by a column as of now, n at most MaxTopBy. Equal ones are in the order of Top.
// Rank is the place in this order. Hashes without a request in its window are missing from the rankings by rate,
// minutes and hour; hashes without a name are last by name, ascending or descending. Those of ByMaintenance are in no
// other ranking.
//
// It looks at all accounts, a few in each hold of the lock, and sees each as it is at that moment. Sightings wait
// for it no longer than for Top. For requests, descending, Top gives the same at once.
func (l *Ledger) TopBy(column Column, descending bool, n int, now time.Time) []HashRow {
	v := l.epoch.instantAt(now)
	b := topN{column: column, descending: descending, n: min(max(n, 0), MaxTopBy)}
	if b.n == 0 {
		return nil
	}
	for from, more := uint32(0), true; more; from += accountsPerLock {
		more = l.scan(&b, from, &v)
		if len(b.all) >= 2*b.n {
			b.trim()
		}
	}
	b.trim()
	return l.rowsOf(b.all, &v)
}

// topN holds the best candidates so far, at least n once there are n.
type topN struct {
	column       Column
	descending   bool
	n            int
	all          []candidate
	threshold    candidate // the n-th, once there are n
	hasThreshold bool
}

// candidate is an account as it was when scan looked at it.
type candidate struct {
	value float64
	name  string
	hash  [20]byte
	ranked
}

// scan adds the candidates among the accounts from a place on, and reports whether there are more accounts.
func (l *Ledger) scan(b *topN, from uint32, v *instant) (more bool) {
	l.lock()
	defer l.mu.Unlock()
	to := min(from+accountsPerLock, uint32(l.accounts.n))
	for place := from; place < to; place++ {
		a := l.accounts.at(place)
		if a.rates == vacant || a.sizes.maintenance() != (b.column == ByMaintenance) {
			continue
		}
		value := l.value(b.column, a, place, v)
		if b.byTime() && value == 0 || b.hasThreshold && b.beaten(value) {
			continue
		}
		c := candidate{value: value, hash: a.hash, ranked: l.rankedOf(a, place)}
		if b.column == ByName {
			c.name = l.names[place]
		}
		if !b.hasThreshold || b.compare(&c, &b.threshold) < 0 {
			b.all = append(b.all, c)
		}
	}
	return int(to) < l.accounts.n
}

// byTime reports whether the column counts requests within a window.
func (b *topN) byTime() bool {
	return b.column == ByRate || b.column == ByMinutes || b.column == ByHour
}

// beaten reports whether a value certainly ranks after the threshold. It is a quick test that sorts out most
// accounts.
func (b *topN) beaten(value float64) bool {
	if b.descending {
		return value < b.threshold.value
	}
	return value > b.threshold.value
}

// compare orders candidates by the column, then by rank.
func (b *topN) compare(x, y *candidate) int {
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
		cmp.Compare(y.tracked, x.tracked), cmp.Compare(y.samples, x.samples), cmp.Compare(x.first, y.first), bytes.Compare(x.hash[:], y.hash[:]))
}

// trim keeps the n best, in order.
func (b *topN) trim() {
	slices.SortFunc(b.all, func(x, y candidate) int { return b.compare(&x, &y) })
	b.all = b.all[:min(b.n, len(b.all))]
	if len(b.all) == b.n {
		b.threshold, b.hasThreshold = b.all[b.n-1], true
	}
}

// rowsOf fills the rows of candidates, without those that were evicted since.
func (l *Ledger) rowsOf(all []candidate, v *instant) []HashRow {
	rows := make([]HashRow, 0, len(all))
	for len(all) > 0 {
		n := min(rowsOfTopBy, len(all))
		rows = l.appendRows(rows, all[:n], v)
		all = all[n:]
	}
	return rows
}

func (l *Ledger) appendRows(rows []HashRow, all []candidate, v *instant) []HashRow {
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
