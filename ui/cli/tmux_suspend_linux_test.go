package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
