package api

import (
	"maps"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore"
)

// The events that attached screens are sent of a busy node. More could not be read: a screen of 60 lines is full of new ones
// in a quarter of a second.
const (
	eventsPerSecond = 300
	leastEvents     = 30 // of one picture
)

// eventThinner makes Snapshots that can be sent of those that all Viewers share. It leaves events out where there are too many
// for a screen at the other end of a network: the newest are in, and what was in stays as long as it would in a Snapshot.
// It makes one series for all screens, so that these share their frames. mu guards what is below it.
type eventThinner struct {
	mu   sync.Mutex
	of   *dhtcore.Snapshot
	thin *dhtcore.Snapshot // of it
}

// snapshot returns s with fewer events, the same each time for the same one.
func (t *eventThinner) snapshot(s *dhtcore.Snapshot) *dhtcore.Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of != nil && s.Revision <= t.of.Revision {
		return t.thin
	}
	before := t.thin
	t.of, s = s, s.Portable()
	t.thin = s
	if before == nil || s.At.Sub(before.At) > time.Second {
		return s
	}
	n := max(int(s.At.Sub(before.At).Seconds()*eventsPerSecond), leastEvents)
	events, fewer := thinned(before.Events, s.Events, n)
	quiet, fewerQuiet := thinned(before.Quiet, s.Quiet, n)
	if !fewer && !fewerQuiet {
		return s
	}
	next := *s
	next.Events, next.Quiet = events, quiet
	keepNames(&next, before)
	t.thin = &next
	return &next
}

// thinned returns the events of now where at most n of them are new, else those of before with the newest n after them.
// fewer reports that they are not those of now.
func thinned(before, now []dhtcore.Event, n int) (events []dhtcore.Event, fewer bool) {
	if len(before) == 0 || len(now) == 0 {
		return now, false
	}
	last := before[len(before)-1].Seq
	fresh := now
	if i := slices.IndexFunc(now, func(e dhtcore.Event) bool { return e.Seq > last }); i >= 0 {
		fresh = now[i:]
	} else {
		fresh = nil
	}
	whole := len(fresh) < len(now) && before[max(len(before)-(len(now)-len(fresh)), 0)].Seq == now[0].Seq
	switch {
	case len(fresh) == 0 && !whole:
		return before, true
	case len(fresh) <= n && whole:
		return now, false
	}
	fresh = fresh[max(len(fresh)-n, 0):]
	old := before[max(len(before)+len(fresh)-dhtcore.MaxEvents, 0):]
	return append(slices.Clip(old), fresh...), true
}

// keepNames gives s the names and the places of those events that it has from before.
func keepNames(s, before *dhtcore.Snapshot) {
	names, places := maps.Clone(s.Names), maps.Clone(s.Places.Shown)
	for _, events := range [...][]dhtcore.Event{s.Events, s.Quiet} {
		for i := range events {
			e := &events[i]
			if name, known := before.Names[e.Hash]; known && names != nil {
				names[e.Hash] = name
			}
			if place, known := before.Places.Shown[e.Addr.Addr()]; known && places != nil {
				places[e.Addr.Addr()] = place
			}
		}
	}
	s.Names, s.Places.Shown = names, places
}
