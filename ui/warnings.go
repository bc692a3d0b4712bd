package ui

import (
	"fmt"
	"time"

	"dhtop/dhtcore"
)

// warnings is how far the warnings of the log have been told.
type warnings struct {
	seen   uint64 // the newest that was looked at
	noted  string // the error that we put into the log last
	untold string // the newest that no toast has told yet, as there was another
	more   int    // untold ones before that
}

// heedWarnings takes note of the warnings that are new.
func (m *Model) heedWarnings() {
	w := &m.warnings
	for i := range m.raw.Warnings {
		e := &m.raw.Warnings[i]
		if e.Seq <= w.seen {
			continue
		}
		w.seen = e.Seq
		if !m.isNews(e) {
			continue
		}
		if w.untold != "" {
			w.more++
		}
		w.untold = e.Text
	}
}

// isNews tells whether a warning is neither an error that a key has been answered with, nor what the line at
// the top says, nor about the name of a hash, which is told to who asked for it.
func (m *Model) isNews(e *dhtcore.Event) bool {
	return e.Text != m.warnings.noted && e.Text != m.raw.Notice() && e.Hash == (dhtcore.ID{})
}

// tellWarning shows the newest warning that waits, as soon as the bottom line is free, and how many more
// there are. It is shown as long as an error, but not as one: nothing that was asked for has failed.
func (m *Model) tellWarning(now time.Time) {
	if m.warnings.untold == "" || m.toast.Text != "" && !m.toast.passing {
		return
	}
	text := m.warnings.untold
	if m.warnings.more > 0 {
		text += fmt.Sprintf(" (+%d more: D)", m.warnings.more)
	}
	m.say(now, "%s", text)
	m.toast.until = now.Add(badToastFor)
	m.warnings.untold, m.warnings.more = "", 0
	m.changes++
}
