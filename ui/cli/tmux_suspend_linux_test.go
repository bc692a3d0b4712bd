package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// openFiles counts the open files of a process by what they are, sockets aside: those come and go.
func openFiles(t *testing.T, pid int) (files map[string]int) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]int{}
	for _, e := range entries {
		to, err := os.Readlink(filepath.Join(dir, e.Name()))
		if err == nil && !strings.HasPrefix(to, "socket:") {
			files[to]++
		}
	}
	return files
}

func TestSuspendingLeavesNoFileOpen(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	s := onScreen(t, 80, 24, "sh -c 'echo $$ > "+pidFile+"; exec "+program(t)+" demo --data "+t.TempDir()+"'")
	s.awaitMatch(`● serving`)
	pid := number(t, strings.TrimSpace(read(t, pidFile)))
	before := openFiles(t, pid)
	for range 5 {
		s.keys("C-z")
		s.await("the shell", func(text string) bool { return !strings.Contains(text, "● serving") })
		awaitStopped(t, pid) // before that the keys would be the program's
		s.keys("fg", "Enter")
		s.awaitMatch(`● serving`)
	}
	for file, n := range openFiles(t, pid) {
		if n > before[file] {
			t.Errorf("%d of %s are open, %d before", n, file, before[file])
		}
	}
	s.keys("q")
}

// awaitStopped waits until a process is stopped by a signal.
func awaitStopped(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			t.Fatal(err)
		}
		if fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])); fields[0] == "T" {
			return
		}
	}
	t.Fatalf("process %d does not stop", pid)
}
