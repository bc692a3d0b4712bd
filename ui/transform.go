package ui

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// transform turns a Snapshot of the core into the one that the screen shows: counts since a reset, a ranking
// that does not jump, and only the rows that pass the filters.
type transform struct {
	top, ranking stableOrder
	base         *baseline // nil for all counts
	filters      map[screen.List]*filter
}

// apply returns s as it is shown while the keys are in list focus; s itself if nothing changes. The order of
// the ranking stays while still is true.
func (t *transform) apply(s *dhtcore.Snapshot, focus screen.List, now time.Time, still bool) *dhtcore.Snapshot {
	shown := *s
	changed := t.base.subtract(&shown)
	if s.Ranking.Order != t.ranking.of { // another order was asked for
		t.ranking = stableOrder{of: s.Ranking.Order}
	}
	changed = t.top.keep(&shown.Hashes.Top, now, still) || changed
	changed = t.ranking.keep(&shown.Ranking.Rows, now, still) || changed
	changed = t.filter(&shown, focus) || changed
	if !changed {
		return s
	}
	return &shown
}

// filter leaves the rows that pass the filter of the focused list.
func (t *transform) filter(s *dhtcore.Snapshot, focus screen.List) (changed bool) {
	f := t.filters[focus]
	if f == nil {
		return false
	}
	focus.Context().Sift(s, f.match, f.privacy)
	return true
}

// filtered returns the filter of the list in focus, and how many rows of raw pass it, for the screen.
func (t *transform) filtered(st *screen.State, snap, raw *dhtcore.Snapshot) screen.Filtered {
	f := t.filters[st.Focus()]
	if f == nil {
		return screen.Filtered{}
	}
	rows := st.Focus().Context().Siftable
	return screen.Filtered{By: f.text, Shown: rows(st, snap), All: rows(st, raw)}
}

// retransform shows the same Snapshot after the transform has changed.
func (m *Model) retransform() {
	m.snap = m.transform.apply(m.raw, m.state.Focus(), time.Now(), true)
	m.changes++
	m.state.Follow(m.snap)
}
