package ui

import (
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// settleEvery is how long a ranking is shown in the same order while its numbers move: a reader finds a
// row where it was, and the order is never older than a glance.
const settleEvery = 2 * time.Second

// lens turns what the core has seen into what the screen shows: counts from a moment on, a ranking that
// settles lazily, and what passes the filters. A Snapshot that needs no change passes as it is.
type lens struct {
	top, ranking settled
	base         *baseline
	filters      map[screen.List]*filter
}

// look returns s as it is to be shown while the keys are in list focus. It does not settle while still.
func (l *lens) look(s *dhtcore.Snapshot, focus screen.List, now time.Time, still bool) *dhtcore.Snapshot {
	shown := *s
	changed := l.base.subtract(&shown)
	if s.Ranking.Order != l.ranking.of { // another question, another answer
		l.ranking = settled{of: s.Ranking.Order}
	}
	changed = l.top.settle(&shown.Hashes.Top, now, still) || changed
	changed = l.ranking.settle(&shown.Ranking.Rows, now, still) || changed
	changed = l.sift(&shown, focus) || changed
	if !changed {
		return s
	}
	return &shown
}

// settled is the order in which a ranking is shown.
type settled struct {
	of    dhtcore.Order
	order []dhtcore.ID
	at    time.Time // when it was taken over from the ranking

	places map[dhtcore.ID]int // of the rows by hash; only its memory is kept
}

// settle puts rows into the order that they were shown in last, what is new behind it, until it is time for
// another order.
func (l *settled) settle(rows *[]dhtcore.HashRow, now time.Time, still bool) (changed bool) {
	if !still && now.Sub(l.at) >= settleEvery || len(l.order) == 0 {
		l.at, l.order = now, l.order[:0]
		for i := range *rows {
			l.order = append(l.order, (*rows)[i].InfoHash)
		}
		return false
	}
	if slices.EqualFunc(*rows, l.order, func(h dhtcore.HashRow, id dhtcore.ID) bool { return h.InfoHash == id }) {
		return false
	}
	if l.places == nil {
		l.places = make(map[dhtcore.ID]int, len(*rows))
	}
	places := l.places
	clear(places)
	for i := range *rows {
		places[(*rows)[i].InfoHash] = i
	}
	shown := make([]dhtcore.HashRow, 0, len(*rows))
	add := func(i int) {
		shown = append(shown, (*rows)[i])
		shown[len(shown)-1].Rank = len(shown)
	}
	for _, id := range l.order {
		if i, is := places[id]; is {
			add(i)
			delete(places, id)
		}
	}
	for i := range *rows {
		if _, fresh := places[(*rows)[i].InfoHash]; fresh {
			add(i)
			l.order = append(l.order, (*rows)[i].InfoHash)
		}
	}
	*rows = shown
	return true
}

// sift leaves what passes the filter of the list that the keys are in.
func (l *lens) sift(s *dhtcore.Snapshot, focus screen.List) (changed bool) {
	f := l.filters[focus]
	if f == nil {
		return false
	}
	switch focus {
	case screen.HashList:
		s.Hashes.Top, s.Ranking.Rows = keep(s.Hashes.Top, f.hash), keep(s.Ranking.Rows, f.hash)
	case screen.LookupList:
		s.Lookups = keep(s.Lookups, f.lookup)
	case screen.NodeList:
		s.Nodes = slices.Clone(s.Nodes)
		for i := range s.Nodes {
			s.Nodes[i].Contacts = keep(s.Nodes[i].Contacts, f.node)
		}
	}
	return true
}

// keep returns those that pass.
func keep[T any](all []T, passes func(*T) bool) []T {
	var kept []T
	for i := range all {
		if passes(&all[i]) {
			kept = append(kept, all[i])
		}
	}
	return kept
}

// relook shows the same picture through a lens that has changed.
func (m *Model) relook() {
	m.snap = m.lens.look(m.raw, m.state.Focus(), time.Now(), true)
	m.changes++
	m.state.Follow(m.snap)
}
