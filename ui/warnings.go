package ui

import (
	"fmt"
	"time"

	"dhtop/dhtcore"
)

// warnings are those of the log that wait to be shown in a toast.
type warnings struct {
	seen   uint64 // number of the newest that was read
	noted  string // the error that we put into the log last
	newest string // that waits, "" for none
	older  int    // that wait, too
}

// bell has the terminal ring, or flash.
const bell = "\a"

// justFired is how old an alert may be that rings the bell: those from before somebody looked do not.
const justFired = time.Minute

// read takes in the new warnings of s, and reports whether an alert has just fired.
func (w *warnings) read(s *dhtcore.Snapshot) (fired bool) {
	for i := range s.Warnings {
		e := &s.Warnings[i]
		if e.Seq <= w.seen {
			continue
		}
		w.seen = e.Seq
		if !w.isNews(e, s) {
			continue
		}
		if w.newest != "" {
			w.older++
		}
		w.newest = e.Text
		fired = fired || e.Kind == dhtcore.Alerted && s.At.Sub(e.At) < justFired
	}
	return fired
}

// isNews reports whether a warning is none of: an error that was the answer to a key, the notice in the top
// line, the result of a name fetch, which is shown to the user who started it, an alert that is over.
func (w *warnings) isNews(e *dhtcore.Event, s *dhtcore.Snapshot) bool {
	if e.Kind == dhtcore.Alerted {
		return e.N > 0
	}
	return e.Text != w.noted && e.Text != s.Notice() && e.Hash == (dhtcore.ID{})
}

// take returns the newest warning that waits, and how many wait before it; none waits then.
func (w *warnings) take() (text string, older int) {
	text, older = w.newest, w.older
	w.newest, w.older = "", 0
	return text, older
}

// show puts the newest warning that waits into the bottom line once that is free, and reports whether it did. The
// warning stays as long as an error but does not look like one: nothing that the user asked for has failed.
func (w *warnings) show(t *toast, now time.Time) bool {
	if w.newest == "" || !t.free() {
		return false
	}
	text, older := w.take()
	if older > 0 {
		text += fmt.Sprintf(" (+%d more: D)", older)
	}
	t.say(now, "%s", text)
	t.until = now.Add(badToastFor)
	return true
}
