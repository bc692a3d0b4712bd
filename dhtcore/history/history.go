// Package history keeps the figures of the last day, one sample a minute, and the warnings beside them. dhtcore reads the figures
// off its parts and ticks every second.
package history

import (
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
)

// What the history keeps: 24 hours, one sample a minute.
const (
	Step       = time.Minute
	MaxSamples = int(24 * time.Hour / Step)
	MaxMarks   = 200

	firstSample = 10 * time.Second // after the start, so that there is something to see
)

// History is the figures over the last day. It is immutable.
type History struct {
	Samples []Sample // oldest first, at most MaxSamples
	Marks   []Mark   // oldest first, at most MaxMarks, none older than a day
}

// Sample is the figures of one minute.
type Sample struct {
	At     time.Time            // its end
	Values [FigureCount]float32 // NaN where a figure is not known
}

// Mark is a warning of the journal. Equal ones of a minute are one.
type Mark struct {
	At   time.Time // of the first
	Text string    // sanitise before showing
	N    int       // how many
}

// Keeper takes a sample a minute. Its lock guards what it has.
type Keeper struct {
	Read    func(now time.Time) Reading
	Journal *journal.Journal

	mu      sync.Mutex
	history History
	before  Reading
	due     time.Time
	seen    uint64 // number of the last warning that has a mark
}

// Tick is called every second.
func (h *Keeper) Tick(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.before.At.IsZero() {
		h.before, h.due = h.Read(now), now.Add(firstSample)
	}
	h.mark(now)
	if now.Before(h.due) {
		return
	}
	h.due = now.Add(Step)
	r := h.Read(now)
	sample := Sample{At: now}
	for i := range Figures {
		sample.Values[i] = float32(Figures[i].of(&r, &h.before))
	}
	kept := h.history.Samples
	kept = kept[max(len(kept)+1-MaxSamples, 0):]
	h.history.Samples = append(slices.Clone(kept), sample)
	h.before = r
}

// mark takes over the warnings that are new. mu is held.
func (h *Keeper) mark(now time.Time) {
	var marks []Mark
	for _, w := range h.Journal.Warnings() {
		if w.Seq <= h.seen {
			continue
		}
		h.seen = w.Seq
		if marks == nil {
			marks = slices.Clone(h.history.Marks)
		}
		i := slices.IndexFunc(marks, func(m Mark) bool { return m.Text == w.Text && w.At.Sub(m.At) < Step })
		if i >= 0 {
			marks[i].N++
			continue
		}
		marks = append(marks, Mark{w.At, w.Text, 1})
	}
	if marks == nil {
		marks = h.history.Marks
	}
	day := now.Add(-time.Duration(MaxSamples) * Step)
	for len(marks) > 0 && (len(marks) > MaxMarks || marks[0].At.Before(day)) {
		marks = marks[1:]
	}
	h.history.Marks = marks
}

// Current returns the History so far.
func (h *Keeper) Current() History {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.history
}
