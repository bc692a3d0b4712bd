package dhtcore

import (
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
)

// What the history keeps: 24 hours, one sample a minute.
const (
	HistoryStep    = time.Minute
	HistorySamples = int(24 * time.Hour / HistoryStep)
	MaxMarks       = 200

	firstSample = 10 * time.Second // after the start, so that there is something to see
)

// History is the figures over the last day. It is immutable.
type History struct {
	Samples []HistorySample // oldest first, at most HistorySamples
	Marks   []Mark          // oldest first, at most MaxMarks, none older than a day
}

// HistorySample is the figures of one minute.
type HistorySample struct {
	At     time.Time            // its end
	Values [FigureCount]float32 // NaN where a figure is not known
}

// Mark is a warning of the journal. Equal ones of a minute are one.
type Mark struct {
	At   time.Time // of the first
	Text string    // sanitise before showing
	N    int       // how many
}

// historyKeeper takes a sample a minute. Its lock guards what it has.
type historyKeeper struct {
	read    func(now time.Time) reading
	journal *journal.Journal

	mu      sync.Mutex
	history History
	before  reading
	due     time.Time
	seen    uint64 // number of the last warning that has a mark
}

// tick is called every second.
func (h *historyKeeper) tick(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.before.at.IsZero() {
		h.before, h.due = h.read(now), now.Add(firstSample)
	}
	h.mark(now)
	if now.Before(h.due) {
		return
	}
	h.due = now.Add(HistoryStep)
	r := h.read(now)
	sample := HistorySample{At: now}
	for i := range Figures {
		sample.Values[i] = float32(Figures[i].of(&r, &h.before))
	}
	kept := h.history.Samples
	kept = kept[max(len(kept)+1-HistorySamples, 0):]
	h.history.Samples = append(slices.Clone(kept), sample)
	h.before = r
}

// mark takes over the warnings that are new. mu is held.
func (h *historyKeeper) mark(now time.Time) {
	var marks []Mark
	for _, w := range h.journal.Warnings() {
		if w.Seq <= h.seen {
			continue
		}
		h.seen = w.Seq
		if marks == nil {
			marks = slices.Clone(h.history.Marks)
		}
		i := slices.IndexFunc(marks, func(m Mark) bool { return m.Text == w.Text && w.At.Sub(m.At) < HistoryStep })
		if i >= 0 {
			marks[i].N++
			continue
		}
		marks = append(marks, Mark{w.At, w.Text, 1})
	}
	if marks == nil {
		marks = h.history.Marks
	}
	day := now.Add(-time.Duration(HistorySamples) * HistoryStep)
	for len(marks) > 0 && (len(marks) > MaxMarks || marks[0].At.Before(day)) {
		marks = marks[1:]
	}
	h.history.Marks = marks
}

func (h *historyKeeper) current() History {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.history
}
