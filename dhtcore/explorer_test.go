package dhtcore

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

var loopback = []netip.Addr{netip.MustParseAddr("127.0.0.1")}

func addrPort(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// demoConfig is a small, quick demo network.
func demoConfig() Config {
	return Config{Demo: &Demo{Nodes: 60, Seed: demoSeed}, Crawl: true}
}

const demoSeed = 7

// start runs an Explorer until the test ends.
func start(t *testing.T, cfg Config) *Explorer {
	t.Helper()
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return e
}

// eventually waits until a Snapshot of an Explorer or a Viewer satisfies what.
func eventually(t *testing.T, e interface{ Snapshot() *Snapshot }, what string, ok func(*Snapshot) bool) *Snapshot {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		s := e.Snapshot()
		if ok(s) {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %s in 20 s: %d good nodes, %d hashes, %d requests, %d lookups, notice %q",
				what, s.Nodes[0].Good, s.Hashes.Seen, s.Hashes.Requests, len(s.Lookups), s.Notice())
		}
		pauseFor(t.Context(), freshFor)
	}
}

func TestDemoExplorerJoinsHearsSamplesAndFinds(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Phase == Serving && s.Nodes[0].Good >= 8 })
	eventually(t, e, "requests", func(s *Snapshot) bool { return s.Hashes.Requests >= 20 })
	eventually(t, e, "samples", func(s *Snapshot) bool { return s.Crawl.New > 0 && s.Crawl.IntervalViolations == 0 })
	hash := testnet.InfoHash(demoSeed, 0)
	if err := e.StartLookup(hash); err != nil {
		t.Fatal(err)
	}
	s := eventually(t, e, "lookup with peers", func(s *Snapshot) bool {
		for _, l := range s.Lookups {
			if l.Target == hash && l.Method == wire.GetPeers && l.Done && len(l.Peers) > 0 {
				return true
			}
		}
		return false
	})
	if s.Traffic.Malformed != 0 {
		t.Errorf("%d malformed packets among well-behaved nodes", s.Traffic.Malformed)
	}
}
