package terminal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// crash plays a dying explorer to WatchForCrash and returns what the terminal got and what was kept.
func crash(t *testing.T, stderr string) (screen string, kept []string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	out, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := WatchForCrash(strings.NewReader(stderr), out, dir); err != nil {
		t.Fatal(err)
	}
	shown, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "crash-*.txt"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others can read %s: %v, %v", f, info, err)
		}
		if !strings.Contains(string(shown), f) {
			t.Errorf("%s is not named in %q", f, shown)
		}
		kept = append(kept, string(b))
	}
	return string(shown), kept
}

func TestACrashIsKeptAndTheTerminalRestored(t *testing.T) {
	stack := "panic: boom\n\ngoroutine 7 [running]:\n" + strings.Repeat("dhtop/dhtcore.f()\n", 1000)
	screen, kept := crash(t, "a library says something\n"+stack)
	if len(kept) != 1 || kept[0] != crashPreface+stack {
		t.Errorf("kept %q", kept)
	}
	restored, told, _ := strings.Cut(screen, "dhtop crashed")
	for _, seq := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?1002l", "\x1b[?1006l", "\x1b[?1004l", "\x1b[?2004l"} {
		if !strings.Contains(restored, seq) {
			t.Errorf("the terminal is not told %q before %q", seq, told)
		}
	}
	if strings.Count(told, "\n") != 1 {
		t.Errorf("more than a line: %q", told)
	}
}

func TestTheWatcherGoesQuietlyWhenAllIsWell(t *testing.T) {
	if screen, kept := crash(t, "a library says something\n"+goodbye); screen != "" || kept != nil {
		t.Errorf("wrote %q and kept %q", screen, kept)
	}
}

func TestAKilledExplorerLeavesAGoodTerminal(t *testing.T) {
	if screen, kept := crash(t, ""); !strings.Contains(screen, "\x1b[?1049l") || kept != nil {
		t.Errorf("wrote %q and kept %q", screen, kept)
	}
}

func TestAStackTraceThatCannotBeSavedIsShownWithoutEscapes(t *testing.T) {
	var screen strings.Builder
	if err := printTrace(strings.NewReader("panic: \x1b]52;c;eA==\a\x1b[2J\u202e\n\tdhtop/f.go:1\ngoroutine 7"), &screen); err != nil {
		t.Fatal(err)
	}
	if got := screen.String(); strings.ContainsAny(got, "\x1b\a\t\u202e") || !strings.HasSuffix(got, "\r\n    dhtop/f.go:1\r\ngoroutine 7\r\n") {
		t.Errorf("shown: %q", got)
	}
}
