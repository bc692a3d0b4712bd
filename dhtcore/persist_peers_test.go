package dhtcore

import (
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

func TestPeersAreKept(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, url)
	now := time.Now()
	s.keepPeer(ledger.Announced, ID{1}, somebody, now)
	s.keepPeer(ledger.Found, ID{1}, somebody, now.Add(time.Second))
	s.keepPeer(ledger.Requested, ID{1}, somebody, now) // an asker is no peer
	s.pending.putBack(s.pending.take())
	s.keepPeer(ledger.Found, ID{1}, netip.AddrPortFrom(netip.AddrFrom16(somebody.Addr().As16()), somebody.Port()), now.Add(2*time.Second))
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for p, err := range s.store.Peers(t.Context(), ID{1}, 0) {
		if n++; err != nil || p.Addr != somebody || p.Announced != 1 || p.Found != 2 || p.LastSeen.Sub(p.FirstSeen) != 2*time.Second {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	if n != 1 {
		t.Fatalf("%d peers, want 1", n)
	}
}

func TestPeersWithoutRoomAreTold(t *testing.T) {
	s := keeper(t, "mysql://x")
	for i := range mostPeers + 3 {
		s.keepPeer(ledger.Found, ID{byte(i), byte(i >> 8), byte(i >> 16)}, somebody, time.Now())
	}
	if text := s.lossText(); !strings.Contains(text, "dropped 0 info_hashes and 3 peers") {
		t.Fatalf("%q", text)
	}
}
