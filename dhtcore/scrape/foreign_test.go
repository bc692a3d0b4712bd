package scrape

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// scripts is where the foreign programs that need Node.js are.
const scripts = "../../ui/cli/testdata/foreign"

func TestOurOwnTrackerTellsWhatWasAnnouncedToIt(t *testing.T) {
	own, err := tracker.Open(tracker.Config{HTTP: "127.0.0.1:0", UDP: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- own.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	checkForeign(t, "http://"+own.HTTPAddr().String()+"/announce", "udp://"+own.UDPAddrs()[0].String())
}

func TestOpentrackerTellsWhatWasAnnouncedToIt(t *testing.T) {
	program := needs.Program(t, "opentracker", "opentracker")
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	_, port, _ := strings.Cut(addr, ":")
	dir := t.TempDir()
	// Debian's takes announces of the hashes in its list only.
	if err := os.WriteFile(dir+"/list", []byte(id(announced).String()+"\n"), 0o644); err != nil { //nolint:gosec // another user reads it
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-i", "127.0.0.1", "-p", port, "-P", port, "-d", dir, "-w", "list")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp4", addr); err == nil {
			conn.Close()
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	checkForeign(t, "http://"+addr+"/announce", "udp://"+addr)
}

func TestWebtorrentsTrackerTellsWhatWasAnnouncedToIt(t *testing.T) {
	node := needs.Program(t, "node", "nodejs")
	_, err := os.Stat(scripts + "/node_modules/bittorrent-tracker")
	needs.That(t, err == nil, "npm package bittorrent-tracker")
	_, out := needs.Script(t, 90*time.Second, func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, node, "webtorrent_tracker.mjs")
		cmd.Dir = scripts
		return cmd
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	if err := json.Unmarshal(line, &urls); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	checkForeign(t, urls...)
}

// announced is what id makes the hash of the announces of.
const announced = 200

// checkForeign announces two seeders and a leecher to the first URL of a tracker, which is one of HTTP, and compares
// what each of its URLs says of them.
func checkForeign(t *testing.T, urls ...string) {
	t.Helper()
	hash, other := id(announced), id(37)
	for peer, left := range []int{0, 0, 1} {
		announce(t, urls[0], hash, peer, left)
	}
	c := openClient(t, Config{})
	for _, url := range urls {
		r := scrape(t, c, url, other, hash)
		if r.Err != nil || len(r.Swarms) != 2 {
			t.Errorf("%s: %+v", url, r)
			continue
		}
		if s := r.Swarms[1]; !s.Known || s.Seeders != 2 || s.Leechers != 1 {
			t.Errorf("%s: %+v of the hash", url, s)
		}
		if s := r.Swarms[0]; s.Known && (s.Seeders != 0 || s.Leechers != 0) {
			t.Errorf("%s: %+v of a hash that nobody has announced", url, s)
		}
	}
	many := make([]wire.ID, 2*maxHashesUDP)
	for i := range many {
		many[i] = id(byte(i))
	}
	for _, url := range urls {
		if r := scrape(t, c, url, append(many, hash)...); r.Err != nil || r.Swarms[len(many)].Seeders != 2 {
			t.Errorf("%s: %v of %d hashes", url, r.Err, len(many)+1)
		}
	}
}

func announce(t *testing.T, tracker string, hash wire.ID, peer, left int) {
	t.Helper()
	url := fmt.Sprintf("%s?info_hash=%s&peer_id=-XX0000-%012d&port=%d&uploaded=0&downloaded=0&left=%d&event=started&compact=1",
		tracker, escape(hash), peer, 7000+peer, left)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
}
