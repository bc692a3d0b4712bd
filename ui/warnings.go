package ui

import (
	"time"

	"dhtop/dhtcore"
)

// keptWarnings is how many warnings the doctor can list: more than fit on most screens.
const keptWarnings = 20

// warnings is how far the log has been looked through for warnings.
type warnings struct {
	seen   uint64 // the newest event that was looked at
	noted  string // the error that we put into the log last
	untold string // the newest warning that no toast has told yet, as there was another
}

// heedWarnings keeps what the log warns of, because a busy log is through in a second.
func (m *Model) heedWarnings() {
	for i := range m.raw.Events {
		e := &m.raw.Events[i]
		if e.Seq <= m.warnings.seen {
			continue
		}
		m.warnings.seen = e.Seq
		if e.Kind == dhtcore.Warning {
			m.heed(e)
		}
	}
}

func (m *Model) heed(e *dhtcore.Event) {
	kept := append(m.state.Warnings, *e)
	m.state.Warnings = kept[max(len(kept)-keptWarnings, 0):]
	if m.isNews(e) {
		m.warnings.untold = e.Text
	}
}

// isNews tells whether a warning is neither an error that a key has been answered with, nor what the line at
// the top says, nor about the name of a hash, which is told to who asked for it.
func (m *Model) isNews(e *dhtcore.Event) bool {
	return e.Text != m.warnings.noted && e.Text != m.raw.Notice && e.Hash == (dhtcore.ID{})
}

// tellWarning shows the warning that waits, as soon as the bottom line is free. It is shown as long as an
// error, but not as one: that others reach this node is a warning, too.
func (m *Model) tellWarning(now time.Time) {
	if m.warnings.untold == "" || m.toast.Text != "" && !m.toast.passing {
		return
	}
	m.say(now, "%s", m.warnings.untold)
	m.toast.until = now.Add(badToastFor)
	m.warnings.untold = ""
	m.changes++
}
