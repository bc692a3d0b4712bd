// Package terminal is the terminal of the explorer: its modes, the frames that are written to it, the keyboard, its size,
// its clipboard, what it can show, and what becomes of it when the process is stopped or crashes.
//
// Package ui writes its frames to an Output, and starts a second process with StartWatcher; ui/cli has the command that
// calls WatchForCrash there. The lock of an Output guards the writing alone.
package terminal

import (
	"os"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// What is written to the terminal at the start and at the end.
const (
	EnableMouse  = ansi.SetModeMouseButtonEvent + ansi.SetModeMouseExtSgr
	DisableMouse = ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent + ansi.ResetModeMouseExtSgr

	EnterScreen = ansi.SetModeAltScreenSaveCursor + ansi.ResetModeAutoWrap + ansi.ResetModeTextCursorEnable + ansi.SetModeBracketedPaste +
		ansi.SetModeFocusEvent
	LeaveScreen = ansi.ResetModeSynchronizedOutput + DisableMouse + ansi.ResetModeFocusEvent +
		ansi.ResetModeBracketedPaste + ansi.SetModeAutoWrap + ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable + ansi.ResetStyle
)

// Output is the output of Bubble Tea. It wraps a frame in synchronized output (mode 2026): terminals that
// support it show the frame at once and never half of it; others ignore the request. It embeds the file
// because Bubble Tea asks a file for the size of the window.
type Output struct {
	*os.File
	lost func()     // called when a write fails: the window is closed, the connection cut
	mu   sync.Mutex // frames and the clipboard come from two goroutines
	buf  []byte
}

// frameSize is the least length of a frame: shorter writes switch modes.
const frameSize = 64

func NewOutput(f *os.File, lost func()) *Output { return &Output{File: f, lost: lost} }

// Write writes p at once.
func (t *Output) Write(p []byte) (int, error) {
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
func (t *Output) WriteString(s string) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.check(t.File.WriteString(s))
}

// check passes on what a write returned, and calls lost on an error: not every way of losing a terminal sends
// a signal.
func (t *Output) check(n int, err error) (int, error) {
	if err != nil {
		t.lost()
	}
	return n, err
}

// Size returns the Size of the window in cells, and calls lost if it has none.
func (t *Output) Size() (width, height int, err error) {
	width, height, err = term.GetSize(t.Fd())
	if err != nil {
		t.lost()
	}
	return width, height, err
}

// Keyboard is the terminal that keys come from. The zero value is none.
type Keyboard struct {
	f     *os.File
	state *term.State // before raw mode
}

// NewKeyboard returns the keyboard of a file, which may be no terminal.
func NewKeyboard(f *os.File) *Keyboard { return &Keyboard{f: f} }

// MakeRaw switches to raw mode: keys arrive as they are pressed, and are not echoed.
func (k *Keyboard) MakeRaw() (err error) {
	if k.f == nil || !term.IsTerminal(k.f.Fd()) {
		return nil
	}
	k.state, err = term.MakeRaw(k.f.Fd())
	return err
}

// Restore leaves raw mode.
func (k *Keyboard) Restore() {
	if k.state != nil {
		term.Restore(k.f.Fd(), k.state) //nolint:errcheck // a terminal that is gone needs no restoring
	}
}
