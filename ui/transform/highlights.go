package transform

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// HighlightedFor is how long a change of rank is highlighted: long enough to notice, short enough to stay rare.
const HighlightedFor = 2 * time.Second

// Highlights finds what changed in the ranking from one Snapshot to the next, for the arrows and hot rows.
type Highlights struct {
	before, now map[dhtcore.ID]rankState // by hash; the two maps take turns
	shown       map[dhtcore.ID]screen.Mark
}

// rankState is the place of a hash in the ranking, and its last change.
type rankState struct {
	rank     int
	requests uint64
	move     int8
	moved    time.Time
}

// Update compares s with the Snapshot of the call before. The result is valid until the next call.
func (h *Highlights) Update(s *dhtcore.Snapshot, now time.Time) map[dhtcore.ID]screen.Mark {
	if h.now == nil {
		h.now, h.shown = map[dhtcore.ID]rankState{}, map[dhtcore.ID]screen.Mark{}
	}
	clear(h.now)
	clear(h.shown)
	for i := range s.Hashes.Top {
		row := &s.Hashes.Top[i]
		was, known := h.before[row.InfoHash]
		is := rankState{rank: row.Rank, requests: row.Requests, move: was.move, moved: was.moved}
		switch {
		case !known || row.Requests == 0:
		case is.rank < was.rank:
			is.move, is.moved = 1, now
		case is.rank > was.rank+1: // a newcomer above costs everybody a place
			is.move, is.moved = -1, now
		}
		if now.Sub(is.moved) > HighlightedFor {
			is.move = 0
		}
		h.now[row.InfoHash] = is
		if hot := known && is.requests != was.requests; hot || is.move != 0 {
			h.shown[row.InfoHash] = screen.Mark{Move: is.move, Hot: hot}
		}
	}
	h.before, h.now = h.now, h.before
	if h.now == nil {
		h.now = map[dhtcore.ID]rankState{}
	}
	return h.shown
}
