package console

import (
	"bytes"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/needs"
)

// pseudoTerminal opens a terminal that nobody looks at.
func pseudoTerminal(t *testing.T) *os.File {
	t.Helper()
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	needs.That(t, err == nil && IsTerminal(tty), "a pseudo-terminal")
	t.Cleanup(func() { tty.Close() })
	return tty
}

func TestProgressIsShownOnlyWhereStdoutIsATerminalToo(t *testing.T) {
	tty := pseudoTerminal(t)
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, c := range []struct {
		name     string
		out, err *os.File
		want     bool
	}{
		{"a terminal", tty, tty, true},
		{"stdout is a file", file, tty, false},
		{"stderr is a file", tty, file, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			var asked atomic.Int32
			std := NewStreams(nil, c.out, c.err).WithDeadline(t.Context())
			p := ShowProgress(std, NewOutput(std.Out), func() string { asked.Add(1); return "x" })
			time.Sleep(4 * progressEvery)
			p.Stop()
			if shown := asked.Load() > 0; shown != c.want {
				t.Errorf("%s: progress is shown: %v", c.name, shown)
			}
		})
	}
}

func TestTheProgressLineDoesNotMixWithWhatIsPrinted(t *testing.T) {
	var screen bytes.Buffer
	p := &Progress{w: &screen, shown: true}
	p.Write([]byte("a line\n"))               //nolint:errcheck // a Buffer takes all
	above{p, &screen}.Write([]byte("more\n")) //nolint:errcheck // a Buffer takes all
	if got, want := screen.String(), wipe+"a line\nmore\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
