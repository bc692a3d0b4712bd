package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newcomer runs commands of ours in the network of a few nodes of ours.
type newcomer struct {
	t     *testing.T
	flags []string
}

// newNetwork starts nodes that know each other.
func newNetwork(t *testing.T) newcomer {
	t.Helper()
	node := serveOnLoopback(t)
	return newcomer{t, []string{"--bind", "127.0.0.1", "--port", "0", "--no-ipv6", "--bootstrap", node.addr,
		"--data", t.TempDir(), "--store", "none"}}
}

// run runs a command and returns its exit code and what it printed.
func (n newcomer) run(stdin string, args ...string) (code int, stdout, stderr string) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(n.t), append(args, n.flags...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		n.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// want runs a command that is to succeed and returns what it printed.
func (n newcomer) want(stdin string, args ...string) (stdout string) {
	n.t.Helper()
	code, stdout, stderr := n.run(stdin, args...)
	if code != 0 {
		n.t.Fatalf("%q: exit code %d\n%s%s", args, code, stdout, stderr)
	}
	return stdout
}

// refuse runs a command that is to end with exit code 1 and to say why.
func (n newcomer) refuse(says string, args ...string) (stdout string) {
	n.t.Helper()
	code, stdout, stderr := n.run("", args...)
	if code != 1 || !strings.Contains(stderr, says) {
		n.t.Errorf("%q: exit code %d, said %q; want 1 and %q", args, code, stderr, says)
	}
	return stdout
}

func decode[T any](t *testing.T, document string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		t.Fatalf("%v:\n%s", err, document)
	}
	return v
}

func TestAnImmutableItemComesBackAsItWasPut(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for _, value := range []string{"hello", "two\nlines\n", "\x00\xff", ""} {
		put := decode[published](t, n.want(value, "put", "-", "--json"))
		if len(put.Nodes) != 1 || !put.Nodes[0].Stored {
			t.Fatalf("%q: %+v", value, put)
		}
		if got := n.want("", "get", put.Target); got != value {
			t.Errorf("%q came back as %q", value, got)
		}
		if got, want := n.want("", "get", put.Target, "--bencoded"), fmt.Sprintf("%d:%s", len(value), value); got != want {
			t.Errorf("%q is stored as %q", value, got)
		}
	}
	put := decode[published](t, n.want("", "put", "--bencoded", "d1:ai1ee", "--json"))
	file := filepath.Join(t.TempDir(), "value")
	n.want("", "get", put.Target, "-o", file)
	if got, err := os.ReadFile(file); err != nil || string(got) != "d1:ai1ee" {
		t.Errorf("a dictionary came back as %q, %v", got, err)
	}
	n.refuse("no item found", "get", randomHash())
	if got := decode[struct{ Found *bool }](t, n.refuse("no item found", "get", randomHash(), "--json")); got.Found == nil || *got.Found {
		t.Error("found what nobody has put")
	}
}

func TestAMutableItemChangesAsItsSequenceNumberAllows(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	key := filepath.Join(t.TempDir(), "key")
	put := func(value string, flags ...string) []string {
		return append([]string{"put", value, "--key-file", key, "--salt", "s", "--json"}, flags...)
	}
	first := decode[published](t, n.want("", put("first", "--new-key")...))
	second := decode[published](t, n.want("", put("second")...))
	if *first.Seq != 0 || *second.Seq != 1 || second.Key != first.Key || second.Target != first.Target {
		t.Fatalf("%+v\n%+v", first, second)
	}
	n.refuse("a newer item is stored: with sequence number 1: pass a higher --seq", put("old", "--seq", "0")...)
	n.refuse("--cas", put("other", "--cas", "0")...)
	n.want("", put("third", "--cas", "1", "--seq", "7")...)
	for _, where := range [][]string{{first.Key, "--salt", "s"}, {first.Target, "--salt", "s"}, {"magnet:?xs=urn:btpk:" + first.Key + "&s=73"}} {
		if got := n.want("", append([]string{"get", "--seq", "7"}, where...)...); got != "third" {
			t.Errorf("%s: got %q", where, got)
		}
	}
	n.refuse("sequence number 7, below --seq 8", "get", first.Key, "--salt", "s", "--seq", "8")
	n.refuse("no item found", "get", first.Key, "--salt", "other")
}

func TestAPointerSaysItsTorrent(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	key := filepath.Join(t.TempDir(), "key")
	const hash = "6162636465666768696a6b6c6d6e6f7071727374"
	value := "d2:ih20:abcdefghijklmnopqrste"
	put := decode[published](t, n.want("", "put", value, "--bencoded", "--key-file", key, "--new-key", "--json"))
	link := "magnet:?xs=urn:btpk:" + put.Key
	code, stdout, stderr := n.run("", "get", link)
	if code != 0 || stdout != value || !strings.Contains(stderr, "points to the torrent "+hash) {
		t.Errorf("exit code %d, %q, said %q", code, stdout, stderr)
	}
	got := decode[struct {
		Kind     string
		InfoHash string `json:"info_hash"`
		From     []struct{ Addr string }
	}](t, n.want("", "get", link, "--ndjson"))
	if got.Kind != "get" || got.InfoHash != hash || len(got.From) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAnAnnounceIsFoundByPeers(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	hashes := []string{randomHash(), randomHash(), randomHash()}
	for _, hash := range hashes[:2] {
		if out := n.want("", "announce", hash, "--peer-port", "7007", "--seeder"); !strings.Contains(out, "\nstored 127.0.0.1:") {
			t.Errorf("nobody stored it:\n%s", out)
		}
	}
	type line struct {
		Kind     string
		InfoHash string `json:"info_hash"`
		Addr     string
		From     []string
		FoundMS  *int64 `json:"found_ms"`
		Peers    []struct{ Addr string }
		Seeds    int `json:"seeds_estimate"`
		Rounds   []struct{ Asked, Replied int }
		Risk     struct{ Level string } `json:"eclipse_risk"`
		Steps    []struct{ State string }
	}
	peers, lookups := map[string]line{}, map[string]line{}
	for dec := json.NewDecoder(strings.NewReader(n.want(strings.Join(hashes, "\n"), "peers", "-", "--ndjson", "--steps"))); dec.More(); {
		var l line
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		switch _, done := lookups[l.InfoHash]; {
		case l.Kind == "peer" && !done:
			peers[l.InfoHash] = l
		case l.Kind == "lookup" && !done:
			lookups[l.InfoHash] = l
		default:
			t.Errorf("unexpected: %+v", l)
		}
	}
	for i, hash := range hashes {
		peer, l := peers[hash], lookups[hash]
		if i < 2 && (peer.Addr != "127.0.0.1:7007" || len(peer.From) != 1 || peer.FoundMS == nil || len(l.Peers) != 1 || l.Seeds != 1) {
			t.Errorf("%s: %+v\n%+v", hash, peer, l)
		}
		if len(l.Rounds) == 0 || l.Rounds[0].Replied == 0 || l.Risk.Level == "" || len(l.Steps) == 0 || l.Steps[0].State != "replied" {
			t.Errorf("%s: %+v", hash, l)
		}
	}
	if len(lookups) != 3 || len(peers) != 2 {
		t.Errorf("%d lookups, %d peers", len(lookups), len(peers))
	}
}

func TestTheStreamOfACrawlEndsWithItsSummary(t *testing.T) {
	t.Parallel()
	out := runProgram(t, "crawl", "--demo", "--demo-nodes", "30", "--for", "2s", "--ndjson")
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	for i, line := range lines {
		got := decode[struct{ Kind string }](t, string(line))
		if last := i == len(lines)-1; got.Kind == "" || (got.Kind == "summary") != last {
			t.Errorf("line %d of %d has kind %q", i+1, len(lines), got.Kind)
		}
	}
}

func TestSearchesEndWithinASecondOfAnInterrupt(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "key")
	hash := randomHash()
	for _, args := range [][]string{
		{"peers", hash, "--json"}, {"announce", hash, "--peer-port", "1"}, {"get", hash},
		{"put", "x", "--key-file", key, "--new-key"},
	} {
		silent, err := net.ListenPacket("udp4", "127.0.0.1:0") // it answers nobody: they wait
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
		cmd := exec.Command(program(t), append(args, "--bind", "127.0.0.1", "--port", "0", "--no-ipv6",
			"--bootstrap", silent.LocalAddr().String(), "--data", t.TempDir(), "--store", "none")...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		silent.SetReadDeadline(time.Now().Add(patience)) //nolint:errcheck // ReadFrom tells
		if _, _, err := silent.ReadFrom(make([]byte, 1500)); err != nil {
			t.Errorf("%q does not ask its bootstrap host: %v", args, err)
		}
		interrupted := time.Now()
		cmd.Process.Signal(os.Interrupt) //nolint:errcheck // the exit code tells
		cmd.Wait()                       //nolint:errcheck // the exit code tells
		if code, took := cmd.ProcessState.ExitCode(), time.Since(interrupted); code != exitInterrupted || took > time.Second {
			t.Errorf("%q: exit code %d, %s after the interrupt", args, code, took)
		}
	}
}
