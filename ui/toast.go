package ui

import (
	"fmt"
	"time"

	"dhtop/views"
)

// How long a toast stays: long enough to read, and longer when something failed.
const (
	toastFor    = 4 * time.Second
	badToastFor = 10 * time.Second
)

// toast is a message in the bottom line. A key takes it away at once.
type toast struct {
	views.Toast
	until time.Time
}

func (t toast) over(now time.Time) bool { return t.Text != "" && now.After(t.until) }

// say shows a message.
func (m *Model) say(now time.Time, format string, args ...any) {
	m.toast = toast{views.Toast{Text: fmt.Sprintf(format, args...)}, now.Add(toastFor)}
}

// fail shows an error.
func (m *Model) fail(now time.Time, err error) {
	m.toast = toast{views.Toast{Text: err.Error(), Bad: true}, now.Add(badToastFor)}
}
