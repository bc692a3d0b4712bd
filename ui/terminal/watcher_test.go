//go:build unix

package terminal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The parts that this test binary plays, when the variable says so, instead of its tests.
const (
	part     = "DHTOP_UI_TEST_PART"
	crashDir = "DHTOP_UI_TEST_DIR"
)

func TestMain(m *testing.M) {
	playPart()
	os.Exit(m.Run())
}

// playPart does not return in the processes of the test below.
func playPart() {
	switch os.Getenv(part) {
	case "explorer":
		os.Setenv(part, "watcher")
		if _, err := StartWatcher([]string{os.Args[0]}, os.Stdout); err != nil {
			panic(err)
		}
		go panic("boom")
		time.Sleep(time.Minute) // not reached: the panic ends the process
	case "watcher":
		if err := WatchForCrash(os.Stdin, os.Stdout, os.Getenv(crashDir)); err != nil {
			panic(err)
		}
		os.Exit(0)
	}
}

func TestAPanicOfAnyGoroutineIsKept(t *testing.T) {
	dir := t.TempDir()
	explorer := exec.Command(os.Args[0])
	explorer.Env = append(os.Environ(), part+"=explorer", crashDir+"="+dir)
	screen, err := explorer.Output() // until the watcher has closed it, too
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Fatalf("it ended with %v and not with code 2", err)
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "crash-*.txt"))
	if len(kept) != 1 {
		t.Fatalf("kept %v, and the screen says %q", kept, screen)
	}
	stack, err := os.ReadFile(kept[0])
	if err != nil || !strings.HasPrefix(string(stack), crashPreface+"panic: boom") || !strings.Contains(string(stack), "playPart") {
		t.Errorf("%v: the stack is %q", err, stack)
	}
	restored, told, _ := strings.Cut(string(screen), "dhtop crashed")
	if !strings.Contains(restored, LeaveScreen) || !strings.Contains(told, kept[0]) || strings.Count(told, "\n") != 1 {
		t.Errorf("the screen says %q", screen)
	}
}
