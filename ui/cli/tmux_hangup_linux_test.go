package cli_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestServeEndsWithItsTerminalAndReloadsOtherwise(t *testing.T) {
	t.Parallel()
	addr, pidFile := freeAddr(t), filepath.Join(t.TempDir(), "pid")
	_, port, _ := net.SplitHostPort(addr)
	s := onScreen(t, 80, 24, "sh -c 'echo $$ > "+pidFile+"; exec "+program(t)+" serve --quiet --bind 127.0.0.1 --port "+port+
		" --no-ipv6 --bootstrap none --http none --data "+t.TempDir()+"'")
	eventually(t, "it answers", func() bool { return ping(addr) })
	s.await("the start", func(text string) bool { return strings.Contains(text, "serving as") })
	pid := number(t, strings.TrimSpace(read(t, pidFile)))
	lives := func() bool { // nobody may have waited for it
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err == nil && !strings.Contains(string(stat), ") Z ")
	}
	if err := syscall.Kill(pid, syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	s.await("a reload", func(text string) bool { return strings.Contains(text, "reload: no setting") })
	if !lives() {
		t.Error("a SIGHUP ends it although its terminal is there")
	}
	// From now on it is quiet: a write to a terminal that is gone would end it too.
	s.await("the only warning", func(text string) bool { return strings.Contains(text, "WARNING") })
	s.tmux("kill-session")
	eventually(t, "it ends with its terminal", func() bool { return !lives() })
	s.tmux("-f", "/dev/null", "new-session", "-d") // the clean-up wants a server
}
