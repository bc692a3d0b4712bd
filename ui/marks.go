package ui

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// marks are what happened in the past, as far as it was read.
type marks struct {
	found []screen.PastMark // in the order of time
	until time.Time         // the past was read up to here
	busy  bool
}

// marksMsg are the marks between two moments.
type marksMsg struct {
	found []screen.PastMark
	until time.Time
}

// How the past is read for marks. A picture has the last lookups and warnings, so that a few pictures tell of hours.
const (
	marksEvery = 10 * time.Second // at most this part of the past is without marks
	mostLooks  = 100              // pictures that are unpacked for it
)

// findMarks reads what is new of the past, on a goroutine of its own.
func (m *Model) findMarks() tea.Cmd {
	k, past := &m.scrub.marks, m.core.Past
	first, last := past.Span()
	if k.busy || last.IsZero() || !k.until.IsZero() && last.Sub(k.until) < marksEvery {
		return nil
	}
	k.busy = true
	from := k.until
	if from.Before(first) {
		from = first
	}
	looks := m.core.PastLooks
	if looks <= 0 {
		looks = mostLooks
	}
	return func() tea.Msg { return marksMsg{marksBetween(past, from, last, looks), last} }
}

// marksBetween returns the marks of a part of the past. It goes back from its end, to the oldest that a picture still
// knows of, by so many pictures.
func marksBetween(p Past, from, to time.Time, looks int) (found []screen.PastMark) {
	least := to.Sub(from) / time.Duration(looks)
	for at := to; ; {
		s, was, err := p.At(at)
		next := at.Add(-least)
		if err == nil && s != nil {
			all := screen.MarksOf(s)
			oldest := make(map[screen.MarkKind]time.Time)
			for _, k := range all {
				if t, is := oldest[k.Kind]; !is || k.At.Before(t) {
					oldest[k.Kind] = k.At
				}
			}
			reach := from
			for _, t := range oldest {
				if t.After(reach) {
					reach = t
				}
			}
			if before := reach.Add(-time.Nanosecond); before.Before(next) {
				next = before
			}
			if was.Before(next) {
				next = was.Add(-time.Nanosecond)
			}
			found = append(found, all...)
		}
		if !next.After(from) || !next.Before(at) {
			break
		}
		at = next
	}
	slices.SortFunc(found, func(a, b screen.PastMark) int { return a.At.Compare(b.At) })
	found = slices.DeleteFunc(found, func(k screen.PastMark) bool { return k.At.Before(from) || k.At.After(to) })
	return slices.CompactFunc(found, func(a, b screen.PastMark) bool { return a.At.Equal(b.At) && a.Kind == b.Kind })
}

// marked takes the marks in.
func (m *Model) marked(msg marksMsg, now time.Time) {
	k := &m.scrub.marks
	k.busy, k.until = false, msg.until
	k.found = append(slices.Clip(k.found), msg.found...)
	if first, _ := m.core.Past.Span(); len(k.found) > 0 {
		n, _ := slices.BinarySearchFunc(k.found, first, func(p screen.PastMark, t time.Time) int { return p.At.Compare(t) })
		k.found = k.found[n:]
	}
	if m.scrub.on() {
		m.scrub.compose(m, now)
		m.changes++
	}
}
