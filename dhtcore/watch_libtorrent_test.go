package dhtcore

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// loopbackNodes runs nodes on loopback that know each other and share a store of peers, and returns their addresses.
func loopbackNodes(t *testing.T, n int, swarms *peers.Store) (addrs []string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	var nodes []*node.Node
	var contacts []wire.Contact
	for range n {
		conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
		if err != nil {
			t.Fatal(err)
		}
		member := node.New(node.Config{ID: wire.RandomID(), Conn: conn, Peers: swarms})
		nodes, addrs = append(nodes, member), append(addrs, member.Addr().String())
		contacts = append(contacts, wire.Contact{ID: member.ID(), Addr: member.Addr()})
	}
	for _, member := range nodes {
		member.Vouch(contacts)
		running.Go(func() { member.Run(ctx) }) //nolint:errcheck // ends with the test
	}
	return addrs
}

// TestALibtorrentSeedThatLeavesIsTold has a client seed a torrent, which the nodes forget once it has left, as they do half
// an hour after the last announce. The clock of the list runs ahead, a minute in three milliseconds.
func TestALibtorrentSeedThatLeavesIsTold(t *testing.T) {
	t.Parallel()
	python, sh := needs.Libtorrent(t), needs.Program(t, "sh", "dash")
	swarms := peers.New(peers.Config{})
	nodes := loopbackNodes(t, 8, swarms)
	in, out := needs.Script(t, time.Minute, func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, python, append([]string{"testdata/libtorrent_seed.py"}, nodes...)...)
	})
	var seed struct {
		Port     uint16
		InfoHash string
	}
	if err := json.NewDecoder(out).Decode(&seed); err != nil {
		t.Fatal(err)
	}

	posted := make(chan string, 100)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m struct {
			Rule   string
			Firing bool
		}
		if err := json.NewDecoder(r.Body).Decode(&m); err == nil && m.Firing {
			posted <- m.Rule
		}
	}))
	t.Cleanup(hook.Close)
	dir := t.TempDir()
	file, said := filepath.Join(dir, "watched"), filepath.Join(dir, "said")
	if err := os.WriteFile(file, []byte("magnet:?xt=urn:btih:"+seed.InfoHash+" Hafen\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Open(Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, NoIPv6: true, Bootstrap: nodes, Mine: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), seed.Port),
		Watch: &WatchConfig{File: file, Exec: []string{sh, "-c", `echo "$1 $2 $3" >>"$0"`, said}, Webhook: hook.URL}})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	e.watches.now = func() time.Time { return began.Add(20_000 * time.Since(began)) }
	e.watches.tick = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})

	seen := map[time.Time]bool{}
	lookups := func(s *Snapshot) int {
		seen[s.Watch.Rows[0].Last.At] = true
		return len(seen)
	}
	s := eventually(t, e, "seed that was found some times", func(s *Snapshot) bool {
		return s.Watch != nil && s.Watch.Rows[0].Last.Seeds == 1 && s.Watch.Rows[0].Last.MineOn > 0 && lookups(s) > 3
	})
	if len(s.Watch.Alerts) > 0 {
		t.Errorf("the seed is there: %+v", s.Watch.Alerts)
	}
	in.(io.Closer).Close()
	swarms.Expire(time.Now().Add(2 * peers.DefaultTTL))
	eventually(t, e, "alerts", func(s *Snapshot) bool { return s.Watch.Firing[LastSeed] == 1 && s.Watch.Firing[MineGone] == 1 })
	before := lookups(e.Snapshot())
	s = eventually(t, e, "further lookups", func(s *Snapshot) bool { return lookups(s) > before+2 })
	if s.Watch.Fired[LastSeed] != 1 || s.Watch.Fired[MineGone] != 1 || s.Watch.Rows[0].Label != "Hafen" {
		t.Errorf("%+v; want each alert once", s.Watch.Alerts)
	}
	rules := []string{<-posted, <-posted}
	slices.Sort(rules)
	if len(posted) > 0 || rules[0] != "last_seed" || rules[1] != "mine_gone" {
		t.Errorf("the web hook was told of %v", rules)
	}
	want := []string{"fired last_seed " + seed.InfoHash, "fired mine_gone " + seed.InfoHash}
	var lines []string
	for range 500 {
		if text, _ := os.ReadFile(said); strings.Count(string(text), "\n") >= len(want) {
			lines = strings.Split(strings.TrimSpace(string(text)), "\n")
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if slices.Sort(lines); !slices.Equal(lines, want) {
		t.Errorf("the command was run with %q; want %q", lines, want)
	}
}
