package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The lists of the tracker are files that a reload can name anew: it cannot open one that is out of reach.
func TestAServiceOpensNoFileButItsOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string // what a reload says of a list elsewhere
	}{
		{nil, "reload: tracker-deny stays as it was: --tracker-deny: open %s: permission denied: restart dhtop"},
		{[]string{"--no-sandbox"}, "reload: tracker-deny is %s"},
	} {
		dir, elsewhere := t.TempDir(), t.TempDir()
		config, list, other := filepath.Join(dir, "config.toml"), filepath.Join(dir, "list.txt"), filepath.Join(elsewhere, "other.txt")
		write := func(path, text string) {
			// Replaced, as editors do.
			if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}
		write(list, strings.Repeat("1", 40)+"\n")
		write(other, strings.Repeat("2", 40)+"\n")
		write(config, fmt.Sprintf("tracker-deny = %q\n", list))
		s := supervise(t, append(c.args, "--config", config, "--data", filepath.Join(dir, "data"), "--http", "none", "--tracker-http", "127.0.0.1:0")...)
		write(list, strings.Repeat("3", 40)+"\n")
		write(config, fmt.Sprintf("tracker-deny = %q\nlog-rate = 7\n", list))
		s.signal(t, syscall.SIGHUP)
		eventually(t, "its own files are read anew", func() bool { return s.said("reload: log-rate is 7") })
		if s.said("stays as it was") {
			t.Error("a list that was replaced is out of reach")
		}
		write(config, fmt.Sprintf("tracker-deny = %q\n", other))
		s.signal(t, syscall.SIGHUP)
		want := fmt.Sprintf(c.want, other)
		eventually(t, want, func() bool { return s.said(want) })
		s.signal(t, syscall.SIGTERM)
		select {
		case err := <-s.ended:
			if err != nil {
				t.Errorf("it does not end well with the sandbox: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("it goes on after SIGTERM")
		}
		if _, err := os.Stat(filepath.Join(dir, "data", "dhtop.db")); err != nil {
			t.Error(err)
		}
	}
	out, _ := exec.Command(program(t), "doctor", "--demo", "--demo-nodes", "5", "--for", "300ms").Output()
	if !strings.Contains(string(out), "out of reach (Landlock, version ") {
		t.Errorf("the doctor does not say that the sandbox is on:\n%s", out)
	}
	out, _ = exec.Command(program(t), "doctor", "--demo", "--demo-nodes", "5", "--for", "300ms", "--no-sandbox").Output()
	if !strings.Contains(string(out), "--no-sandbox was passed") {
		t.Errorf("the doctor does not say that the sandbox is off:\n%s", out)
	}
}
