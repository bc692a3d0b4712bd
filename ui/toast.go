package ui

import (
	"fmt"
	"time"

	"dhtop/views/screen"
)

// How long a toast stays: long enough to read, and longer when something failed.
const (
	toastFor    = 4 * time.Second
	badToastFor = 10 * time.Second
)

// toast is a message in the bottom line. Any key removes it.
type toast struct {
	screen.Toast
	until   time.Time
	passing bool // the next one may replace it early
}

func (t toast) over(now time.Time) bool { return t.Text != "" && now.After(t.until) }

// free reports whether the bottom line has nothing to say, or nothing that must stay.
func (t *toast) free() bool { return t.Text == "" || t.passing }

// say shows a message.
func (t *toast) say(now time.Time, format string, args ...any) {
	*t = toast{screen.Toast{Text: fmt.Sprintf(format, args...)}, now.Add(toastFor), false}
}

// complain shows an error that the log has already.
func (t *toast) complain(now time.Time, what string) {
	*t = toast{screen.Toast{Text: what, Bad: true}, now.Add(badToastFor), false}
}

// fail shows an error and logs it, for when the toast has gone.
func (m *Model) fail(now time.Time, err error) {
	m.toast.complain(now, err.Error())
	m.warnings.noted = err.Error()
	m.core.Note(err.Error())
}
