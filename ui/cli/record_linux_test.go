package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// A service in its sandbox records to a directory, begins files in it as it runs, and records elsewhere after a hangup.
func TestAServiceRecordsInItsSandboxAndElsewhereAfterAHangup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	recordings, config, other := filepath.Join(dir, "recordings"), filepath.Join(dir, "config.toml"), filepath.Join(dir, "data", "other.dhtrec")
	write := func(text string) {
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := func() (all []string) { all, _ = filepath.Glob(filepath.Join(recordings, "*.dhtrec")); return all }
	grows := func(path string) func() bool {
		return func() bool { info, err := os.Stat(path); return err == nil && info.Size() > 100 }
	}
	write(fmt.Sprintf("record = %q\n", recordings+"/"))
	s := supervise(t, "--config", config, "--data", filepath.Join(dir, "data"), "--http", "none")
	if len(files()) != 1 {
		t.Fatalf("%d recordings in the directory", len(files()))
	}
	eventually(t, "it records", grows(files()[0]))
	if err := os.Remove(files()[0]); err != nil {
		t.Fatal(err)
	}
	s.signal(t, syscall.SIGHUP)
	eventually(t, "another file is begun", func() bool { return len(files()) == 1 && grows(files()[0])() })

	write(fmt.Sprintf("record = %q\nrecord-max = \"500MB\"\n", other))
	s.signal(t, syscall.SIGHUP)
	eventually(t, "it records elsewhere", grows(other))
	if want := "reload: record is " + other; !s.said(want) {
		t.Errorf("it does not say %q", want)
	}
	write(fmt.Sprintf("record = %q\n", config))
	s.signal(t, syscall.SIGHUP)
	eventually(t, "it is refused", func() bool { return s.said("reload: record stays as it was: --record " + config + ": ") })
	s.signal(t, syscall.SIGTERM)
	select {
	case err := <-s.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it goes on after SIGTERM")
	}
	if b, err := os.ReadFile(other); err != nil || !strings.HasPrefix(string(b), "dhtop recording ") {
		t.Errorf("%q, %v", b[:min(len(b), 20)], err)
	}
}

// runTo runs the program to its end.
func runTo(t *testing.T, args ...string) (code int, errs string) {
	t.Helper()
	cmd := exec.Command(program(t), args...)
	var b bytes.Buffer
	cmd.Stderr = &b
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), b.String()
}

func TestWhatIsRecordedCanBePlayed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masked.dhtrec")
	if code, errs := runTo(t, "serve", "--demo", "--demo-nodes", "8", "--http", "none", "--quiet", "--for", "1500ms", "--record", path, "--mask-ips"); code != 0 {
		t.Fatalf("%d: %s", code, errs)
	}
	p, err := dhtcore.OpenPlayback(path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_, last := p.Span()
	if s, _, err := p.At(last); err != nil || !s.Masked || len(s.Nodes) == 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhatCannotBeRecordedToIsSaidBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, max, want string }{
		{fifo, "1GB", "it is not a regular file: pass a file"},
		{"/dev/full", "1GB", "it is not a regular file"},
		{"a", "2", "--record-max \"2\": want a size such as 500MB, or all"},
		{"a", "9MB", "want at least 10MB"},
	} {
		code, errs := runTo(t, "serve", "--demo", "--demo-nodes", "5", "--http", "none", "--record", c.path, "--record-max", c.max)
		if code != 2 || !strings.Contains(errs, c.want) {
			t.Errorf("%s, %s: %d, %q", c.path, c.max, code, errs)
		}
	}
}
