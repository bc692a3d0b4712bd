package ui

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// transform turns a Snapshot of the core into the one that the screen shows: counts since a reset, a ranking
// that does not jump, and only the rows that pass the filters.
type transform struct {
	top  stableOrder // of the ranking by requests; the core makes the others anew every two seconds
	base *baseline   // nil for all counts
}

// apply returns s as it is shown in a State; s itself if nothing changes. The order of the ranking stays while still
// is true.
func (t *transform) apply(s *dhtcore.Snapshot, st *screen.State, now time.Time, still bool) *dhtcore.Snapshot {
	shown := *s
	changed := t.base != nil && !s.At.Before(t.base.at) && t.base.subtract(&shown)
	changed = t.top.keep(&shown.Hashes.Top, now, still) || changed
	changed = st.SortLookups(&shown) || changed
	if f := st.Filters[st.Focus()]; f != nil {
		f.Sift(st, &shown)
		changed = true
	}
	if !changed {
		return s
	}
	return &shown
}

// retransform shows the same Snapshot after the transform has changed.
func (m *Model) retransform() {
	m.snap = m.transform.apply(m.raw, &m.state, time.Now(), true)
	m.changes++
	m.state.Follow(m.snap)
}
