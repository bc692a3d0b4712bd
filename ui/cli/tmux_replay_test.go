package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestARecordingIsExploredInATerminal(t *testing.T) {
	t.Parallel()
	recording, err := filepath.Abs("testdata/demo.dhtrec")
	if err != nil {
		t.Fatal(err)
	}
	s := onScreen(t, 100, 30, "cd "+t.TempDir()+" && "+program(t)+" replay "+recording+" --speed 0 --at +5s; echo ended $?")
	began := s.awaitMatch(`(\d\d:\d\d:\d\d)  paused`)[1]
	s.keys("{")
	s.await("another second", func(text string) bool {
		return strings.Contains(text, "  paused") && !strings.Contains(text, began+"  paused")
	})
	s.keys("@")
	s.keys("e", "n", "d", "Enter")
	s.await("the end", func(text string) bool { return strings.Contains(text, "the end of the recording") })
	s.keys("@")
	s.keys("start", "Enter")
	s.await("the start", func(text string) bool { return strings.Contains(text, "  paused") })
	s.keys("+", "+", "+", "+", "+")
	s.keys("l")
	s.await("why not", func(text string) bool { return strings.Contains(text, "this is a recording: nothing can be sent") })
	s.keys("Space")
	s.await("the end, played", func(text string) bool { return strings.Contains(text, "the end, so far") })
	s.keys("q")
	s.await("the shell", func(text string) bool { return strings.Contains(text, "ended 0") })
}
