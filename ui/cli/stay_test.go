package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stayLine is a line of "--stay --ndjson", or the document at the end.
type stayLine struct {
	Kind     string
	InfoHash string `json:"info_hash"`
	Target   string
	Action   string
	State    string
	Stored   int
	Held     *int
	Seq      *int64
	Error    *string

	Entries, Kept, Failing, Waiting, Renewals int
	List                                      []stayLine
}

// staying is a command with --stay that runs.
type staying struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
	errs  bytes.Buffer
}

// stay starts a command with --stay --ndjson.
func (n newcomer) stay(stdin string, args ...string) *staying {
	n.t.Helper()
	s := &staying{t: n.t, cmd: exec.Command(program(n.t), append(append(args, "--stay", "--ndjson"), n.flags...)...)}
	s.cmd.Stdin, s.cmd.Stderr = strings.NewReader(stdin), &s.errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		n.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	killer := time.AfterFunc(patience, func() { s.cmd.Process.Kill() }) //nolint:errcheck // it may be gone
	n.t.Cleanup(func() { killer.Stop() })
	s.lines = bufio.NewScanner(out)
	return s
}

// next returns the next line.
func (s *staying) next() (l stayLine) {
	s.t.Helper()
	if !s.lines.Scan() {
		s.t.Fatalf("no line: %s", s.errs.String())
	}
	return decode[stayLine](s.t, s.lines.Text())
}

// interrupt ends it as ctrl+c does, and returns its last line.
func (s *staying) interrupt() (end stayLine) {
	s.t.Helper()
	interrupted := time.Now()
	s.cmd.Process.Signal(os.Interrupt) //nolint:errcheck // the exit code tells
	for s.lines.Scan() {
		end = decode[stayLine](s.t, s.lines.Text())
	}
	s.cmd.Wait() //nolint:errcheck // the exit code tells
	if code, took := s.cmd.ProcessState.ExitCode(), time.Since(interrupted); code != exitInterrupted || took > time.Second {
		s.t.Errorf("exit code %d, %s after the interrupt: %s", code, took, s.errs.String())
	}
	return end
}

func TestWhatStaysIsReportedUntilAnInterrupt(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	hashes := []string{randomHash(), randomHash(), randomHash()}
	s := n.stay(hashes[0]+"\n# a comment\nno hash\n"+hashes[1]+"\n"+hashes[0]+"\n"+hashes[2]+"\n", "announce", "-", "--peer-port", "7007")
	stored := map[string]bool{}
	for len(stored) < len(hashes) {
		switch l := s.next(); {
		case l.Kind == "error" && l.Error != nil:
		case l.Kind == "renewal" && l.Action == "store" && l.State == "kept" && l.Stored == 1 && l.Held == nil && !stored[l.InfoHash]:
			stored[l.InfoHash] = true
		default:
			t.Fatalf("%+v", l)
		}
	}
	end := s.interrupt()
	if end.Kind != "stay" || end.Entries != 3 || end.Kept != 3 || end.Renewals != 3 || len(end.List) != 3 || end.List[1].InfoHash != hashes[1] {
		t.Errorf("%+v", end)
	}
	for _, hash := range hashes {
		if got := n.want("", "peers", hash); !strings.Contains(got, "127.0.0.1:7007") {
			t.Errorf("%s: %s", hash, got)
		}
	}
}

func TestManyItemsOfOthersArePutAgain(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	key := filepath.Join(t.TempDir(), "key")
	plain := decode[published](t, n.want("", "put", "hello", "--json"))
	n.want("", "put", "first", "--key-file", key, "--new-key", "--seq", "5", "--json")
	signed := n.want("", "get", decode[published](t, n.want("", "put", "second", "--key-file", key, "--json")).Key, "--ndjson")

	other := newNetwork(t) // where nobody has them
	if got := other.want(signed, "put", "--file", "-"); !strings.Contains(got, "mutable") || !strings.Contains(got, "seq 6, stored at 1 of 1 node") {
		t.Errorf("printed\n%s", got)
	}
	doc := decode[struct{ PK string }](t, signed)
	if got := other.want("", "get", "pk:"+doc.PK, "--bencoded"); got != "6:second" {
		t.Errorf("got %q", got)
	}
	damaged := strings.Replace(signed, `"seq":6`, `"seq":7`, 1)
	code, _, stderr := n.run(damaged+"{}\n"+plain.Target+"\n", "put", "--file", "-")
	if code != 1 || !strings.Contains(stderr, "line 1 of the input: the item is damaged") || !strings.Contains(stderr, "line 2 of the input: it holds no item") {
		t.Errorf("exit code %d, said %q", code, stderr)
	}
	if out := other.refuse("1 of 2 items are not stored", "put", "--file", writeLines(t, plain.Target, "pk:"+doc.PK), "--csv"); strings.Count(out, "\n") != 2 {
		t.Errorf("printed\n%s", out)
	}

	s := n.stay("", "put", "--file", writeLines(t, plain.Target, "pk:"+doc.PK))
	seq := int64(-1)
	for range 2 {
		l := s.next()
		if l.Action != "store" || l.State != "kept" || l.Stored != 1 || l.Error != nil {
			t.Errorf("%+v", l)
		}
		if l.Seq != nil {
			seq = *l.Seq
		}
	}
	if end := s.interrupt(); seq != 6 || end.Kept != 2 {
		t.Errorf("seq %d, %+v", seq, end)
	}
}

func TestAnItemOfOursStays(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	key := filepath.Join(t.TempDir(), "key")
	first := decode[published](t, n.want("", "put", "old", "--key-file", key, "--new-key", "--json"))
	for _, c := range []struct {
		args []string
		seq  int64 // at least
	}{
		{[]string{"put", "next", "--key-file", key}, *first.Seq + 1},
		{[]string{"put", "chosen", "--key-file", key, "--seq", "40", "--cas", "1"}, 40},
		{[]string{"put", "--key-file", key, "--pkarr", "@ 60 A 192.0.2.7"}, time.Now().Add(-time.Hour).UnixMicro()},
	} {
		s := n.stay("", c.args...)
		if l := s.next(); l.Kind != "renewal" || l.State != "kept" || l.Target != first.Target || l.Seq == nil || *l.Seq < c.seq || l.Stored != 1 {
			t.Errorf("%q: %+v", c.args, l)
		}
		if end := s.interrupt(); end.Kept != 1 || *end.List[0].Seq < c.seq {
			t.Errorf("%q: %+v", c.args, end)
		}
	}
	s := n.stay("", "put", "too old", "--key-file", key, "--seq", "3") // it ends by itself: somebody has a newer one
	if l := s.next(); l.State != "superseded" || l.Error == nil || !strings.Contains(*l.Error, "a newer item is stored") {
		t.Errorf("%+v", l)
	}
	if end := s.next(); end.Kind != "stay" || end.Kept != 0 || s.lines.Scan() {
		t.Errorf("%+v", end)
	}
	s.cmd.Wait() //nolint:errcheck // the exit code tells
	if code := s.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d: %s", code, s.errs.String())
	}
}

func writeLines(t *testing.T, lines ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSeveralHashesAreAnnouncedOnce(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	out := n.want("", "announce", randomHash(), randomHash(), "--peer-port", "7007", "--json")
	var all []published
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 2 || len(all[0].Nodes) != 1 || !all[1].Nodes[0].Stored {
		t.Errorf("%v\n%s", err, out)
	}
	for says, args := range map[string][]string{
		"--every 1m0s: want 5m0s to 30m0s": {"announce", randomHash(), "--peer-port", "1", "--stay", "--every", "1m"},
		"--every 3h0m0s: want 10m0s":       {"put", "x", "--stay", "--every", "3h"},
		"pass --stay as well":              {"announce", randomHash(), "--peer-port", "1", "--every", "10m"},
		"--file and --salt":                {"put", "--file", "x", "--salt", "y"},
		"--file /nowhere: no such file":    {"put", "--file", "/nowhere"},
		"no value given":                   {"put", "--stay"},
	} {
		if code, _, stderr := n.run("", args...); code != 2 || !strings.Contains(stderr, says) {
			t.Errorf("%q: exit code %d, said %q", args, code, stderr)
		}
	}
}
