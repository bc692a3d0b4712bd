package ui

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// moveFor is how long a change of rank is marked: long enough to notice, short enough to stay rare.
const moveFor = 2 * time.Second

// marks finds what changed in the ranking from one Snapshot to the next.
type marks struct {
	last, next map[dhtcore.ID]standing // by hash; two maps that take turns
	shown      map[dhtcore.ID]screen.Mark
}

type standing struct {
	rank     int
	requests uint64
	move     int8
	moved    time.Time
}

// update compares s with what it was called with before. The result is valid until the next call.
func (k *marks) update(s *dhtcore.Snapshot, now time.Time) map[dhtcore.ID]screen.Mark {
	if k.next == nil {
		k.next, k.shown = map[dhtcore.ID]standing{}, map[dhtcore.ID]screen.Mark{}
	}
	clear(k.next)
	clear(k.shown)
	for i := range s.Hashes.Top {
		h := &s.Hashes.Top[i]
		was, known := k.last[h.InfoHash]
		is := standing{rank: h.Rank, requests: h.Requests, move: was.move, moved: was.moved}
		switch {
		case !known || h.Requests == 0:
		case is.rank < was.rank:
			is.move, is.moved = 1, now
		case is.rank > was.rank+1: // one place is lost to any newcomer above: no news
			is.move, is.moved = -1, now
		}
		if now.Sub(is.moved) > moveFor {
			is.move = 0
		}
		k.next[h.InfoHash] = is
		if hot := known && is.requests != was.requests; hot || is.move != 0 {
			k.shown[h.InfoHash] = screen.Mark{Move: is.move, Hot: hot}
		}
	}
	k.last, k.next = k.next, k.last
	if k.next == nil {
		k.next = map[dhtcore.ID]standing{}
	}
	return k.shown
}
