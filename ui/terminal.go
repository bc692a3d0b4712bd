package ui

import (
	"os"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// terminal is the output of Bubble Tea. A frame is wrapped in synchronized output (mode 2026), so that
// terminals which know it show it at once and never half of it; the others ignore the request. It
// embeds the file because Bubble Tea asks a file for the size of the window.
type terminal struct {
	*os.File
	lost func()     // called when a write fails: the window is closed, the connection cut
	mu   sync.Mutex // frames and the clipboard come from two goroutines
	buf  []byte
}

// frameSize is the length from which a write counts as (a part of) a frame: shorter ones switch modes.
const frameSize = 64

func newTerminal(f *os.File, lost func()) *terminal { return &terminal{File: f, lost: lost} }

// Write writes p at once.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(p) < frameSize {
		return t.check(t.File.Write(p))
	}
	t.buf = append(t.buf[:0], ansi.SetModeSynchronizedOutput...)
	t.buf = append(t.buf, p...)
	t.buf = append(t.buf, ansi.ResetModeSynchronizedOutput...)
	n, err := t.check(t.File.Write(t.buf))
	return min(max(n-len(ansi.SetModeSynchronizedOutput), 0), len(p)), err
}

// WriteString is Write without the wrapping, for what is no frame.
func (t *terminal) WriteString(s string) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.check(t.File.WriteString(s))
}

// check passes on what a write returned. The terminal is lost when that is an error: not every way of
// losing it comes with a signal.
func (t *terminal) check(n int, err error) (int, error) {
	if err != nil {
		t.lost()
	}
	return n, err
}

// keyboard is the terminal that the keys come from. The zero value is none.
type keyboard struct {
	f     *os.File
	state *term.State // before we took it
}

// take has every key handed over as it is pressed, and none shown.
func (k *keyboard) take() (err error) {
	if k.f == nil || !term.IsTerminal(k.f.Fd()) {
		return nil
	}
	k.state, err = term.MakeRaw(k.f.Fd())
	return err
}

// leave makes the keyboard what it was.
func (k *keyboard) leave() {
	if k.state != nil {
		term.Restore(k.f.Fd(), k.state) //nolint:errcheck // a terminal that is gone needs no restoring
	}
}
