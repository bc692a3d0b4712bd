package ui

import (
	"os"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// What is written to the terminal at the start and at the end.
const (
	enableMouse  = ansi.SetModeMouseButtonEvent + ansi.SetModeMouseExtSgr
	disableMouse = ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent + ansi.ResetModeMouseExtSgr

	enterScreen = ansi.SetModeAltScreenSaveCursor + ansi.ResetModeAutoWrap + ansi.ResetModeTextCursorEnable + ansi.SetModeBracketedPaste +
		ansi.SetModeFocusEvent
	leaveScreen = ansi.ResetModeSynchronizedOutput + disableMouse + ansi.ResetModeFocusEvent +
		ansi.ResetModeBracketedPaste + ansi.SetModeAutoWrap + ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable + ansi.ResetStyle
)

// terminal is the output of Bubble Tea. It wraps a frame in synchronized output (mode 2026): terminals that
// support it show the frame at once and never half of it; others ignore the request. It embeds the file
// because Bubble Tea asks a file for the size of the window.
type terminal struct {
	*os.File
	lost func()     // called when a write fails: the window is closed, the connection cut
	mu   sync.Mutex // frames and the clipboard come from two goroutines
	buf  []byte
}

// frameSize is the least length of a frame: shorter writes switch modes.
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

// WriteString writes s without the wrapping of a frame.
func (t *terminal) WriteString(s string) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.check(t.File.WriteString(s))
}

// check passes on what a write returned, and calls lost on an error: not every way of losing a terminal sends
// a signal.
func (t *terminal) check(n int, err error) (int, error) {
	if err != nil {
		t.lost()
	}
	return n, err
}

// size returns the size of the window in cells, and calls lost if it has none.
func (t *terminal) size() (width, height int, err error) {
	width, height, err = term.GetSize(t.Fd())
	if err != nil {
		t.lost()
	}
	return width, height, err
}

// keyboard is the terminal that keys come from. The zero value is none.
type keyboard struct {
	f     *os.File
	state *term.State // before raw mode
}

// newKeyboard returns the keyboard of a file, which may be no terminal.
func newKeyboard(f *os.File) *keyboard { return &keyboard{f: f} }

// makeRaw switches to raw mode: keys arrive as they are pressed, and are not echoed.
func (k *keyboard) makeRaw() (err error) {
	if k.f == nil || !term.IsTerminal(k.f.Fd()) {
		return nil
	}
	k.state, err = term.MakeRaw(k.f.Fd())
	return err
}

// restore leaves raw mode.
func (k *keyboard) restore() {
	if k.state != nil {
		term.Restore(k.f.Fd(), k.state) //nolint:errcheck // a terminal that is gone needs no restoring
	}
}
