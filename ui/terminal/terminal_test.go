package terminal

import (
	"os"
	"strings"
	"testing"
)

func TestFramesAreSynchronizedAndShortSequencesAreNot(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	out := NewOutput(f, func() { t.Error("the terminal was lost") })
	frame := strings.Repeat("x", frameSize)
	for _, s := range []string{"\x1b[?25l", frame} {
		if n, err := out.Write([]byte(s)); n != len(s) || err != nil {
			t.Errorf("wrote %d of %d: %v", n, len(s), err)
		}
	}
	out.WriteString("clip") //nolint:errcheck // read below
	got, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[?25l\x1b[?2026h" + frame + "\x1b[?2026lclip"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestATerminalThatIsGoneEndsTheProgram(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	lost := 0
	out := NewOutput(f, func() { lost++ })
	for _, frame := range []string{"\x1b[?25l", strings.Repeat("x", frameSize)} {
		if _, err := out.Write([]byte(frame)); err == nil {
			t.Error("wrote to a closed file")
		}
	}
	if lost != 2 {
		t.Errorf("told of the loss %d times", lost)
	}
}
