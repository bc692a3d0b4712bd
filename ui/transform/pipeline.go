package transform

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// Pipeline turns a Snapshot of the core into the one that the screen shows: counts since a reset, a ranking
// that does not jump, and only the rows that pass the filters.
type Pipeline struct {
	top  stableOrder // of the ranking by requests; the core makes the others anew every two seconds
	base *baseline   // nil for all counts
}

// Apply returns s as it is shown in a State; s itself if nothing changes. The order of the ranking stays while still
// is true.
func (t *Pipeline) Apply(s *dhtcore.Snapshot, st *screen.State, now time.Time, still bool) *dhtcore.Snapshot {
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

// Reorder has the next Apply take the order of the ranking anew.
func (t *Pipeline) Reorder() { t.top = stableOrder{} }

// ResetCounters has counts begin at s.
func (t *Pipeline) ResetCounters(s *dhtcore.Snapshot) {
	t.base = newBaseline(s)
	t.Reorder()
}

// RestoreCounters shows all counts again, and reports whether they were reset.
func (t *Pipeline) RestoreCounters() bool {
	was := t.base != nil
	t.base = nil
	t.Reorder()
	return was
}
