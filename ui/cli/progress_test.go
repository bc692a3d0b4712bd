package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
)

// pseudoTerminal opens a terminal that nobody looks at.
func pseudoTerminal(t *testing.T) *os.File {
	t.Helper()
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	needs.That(t, err == nil && isTerminal(tty), "a pseudo-terminal")
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
			std := streams{nil, c.out, c.err}.withDeadline(t.Context())
			p := showProgress(std, newOutput(std.out), func() string { asked.Add(1); return "x" })
			time.Sleep(4 * progressEvery)
			p.stop()
			if shown := asked.Load() > 0; shown != c.want {
				t.Errorf("%s: progress is shown: %v", c.name, shown)
			}
		})
	}
}

func TestWhatAnItemPointsToStandsAboveTheProgressLine(t *testing.T) {
	var screen, printed bytes.Buffer
	p, out := &progress{w: &screen, shown: true}, newOutput(&printed)
	it := &dhtcore.Item{Key: make([]byte, 32), Value: []byte("d2:ih20:abcdefghijklmnopqrste")}
	if err := errors.Join(writeValue(out, p, it, false), out.Flush()); err != nil {
		t.Fatal(err)
	}
	want := wipe + "dhtop: the item points to the torrent 6162636465666768696a6b6c6d6e6f7071727374 (BEP 46)\n"
	if got := screen.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if printed.String() != string(it.Value) {
		t.Errorf("printed %q", &printed)
	}
}
