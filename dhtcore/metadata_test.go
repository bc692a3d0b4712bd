package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/testnet"
)

func TestANameIsFetchedFromThePeersOfALookupAndKept(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	hash := testnet.InfoHash(demoSeed, 0)
	eventually(t, e, "requests for the hottest hash", func(*Snapshot) bool { return e.ledger.Knows(hash) })
	info, err := e.FetchName(t.Context(), hash, 0)
	if err != nil || info.Name == "" || info.Size <= 0 || info.FileCount == 0 {
		t.Fatalf("fetched %+v: %v", info, err)
	}
	s := eventually(t, e, "name in the ranking", func(s *Snapshot) bool {
		for _, row := range s.Hashes.Top {
			if row.InfoHash == hash && row.Name == info.Name {
				return true
			}
		}
		return false
	})
	if s.Metadata[hash] == nil || s.Metadata[hash].Name != info.Name {
		t.Errorf("the Snapshot has %+v", s.Metadata[hash])
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if again, err := e.FetchName(ctx, hash, 0); err != nil || again.Name != info.Name {
		t.Errorf("what is known is fetched again: %v", err)
	}
}

func TestTheHottestHashesAreNamedUnaskedOnlyWhenConfigured(t *testing.T) {
	cfg := demoConfig()
	cfg.Names = 3
	e := start(t, cfg)
	s := eventually(t, e, "name", func(s *Snapshot) bool { return len(s.Metadata) > 0 })
	if len(s.Metadata) > 3 {
		t.Errorf("%d names", len(s.Metadata))
	}
}

func TestAHashWithoutPeersHasNoName(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	if _, err := e.FetchName(t.Context(), ID{1, 2, 3}, 0); !errors.Is(err, metadata.ErrNoMetadata) {
		t.Errorf("error %v", err)
	}
}

func TestStrangersAreNotConnectedToInsideOurNetworkNorAtPrivilegedPorts(t *testing.T) {
	e, err := Open(Config{Bind: []netip.Addr{netip.MustParseAddr("0.0.0.0")}, Bootstrap: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var found []Peer
	for _, s := range []string{"8.8.8.8:6881", "8.8.8.8:22", "127.0.0.1:6881", "192.168.1.1:6881", "10.0.0.1:6881", "0.0.0.0:6881", "224.0.0.1:6881", "8.8.4.4:1024"} {
		found = append(found, Peer{Addr: netip.MustParseAddrPort(s)})
	}
	for i := range byte(100) {
		found = append(found, Peer{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 9, i / 5}), uint16(7000+int(i)))})
	}
	for i := range byte(100) {
		found = append(found, Peer{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 10, i}), 7000)})
	}
	peers := e.names.connectable(found)
	if len(peers) != namePeers || peers[0] != found[0].Addr || peers[1] != found[7].Addr {
		t.Errorf("would connect to %v", peers)
	}
	stranger, neighbour := netip.MustParseAddrPort("8.8.8.8:1"), netip.MustParseAddrPort("192.168.1.9:1")
	lan := Peer{Addr: netip.MustParseAddrPort("192.168.1.1:6881"), From: []netip.AddrPort{stranger}}
	if n := len(e.names.connectable([]Peer{lan})); n != 0 {
		t.Error("a stranger aims us at our own network")
	}
	if lan.From = append(lan.From, neighbour); len(e.names.connectable([]Peer{lan})) != 1 {
		t.Error("a node of our own network cannot tell of a peer there")
	}
	hosts := map[netip.Addr]int{}
	for _, p := range peers {
		if hosts[p.Addr()]++; hosts[p.Addr()] > namePerHost {
			t.Errorf("would connect to %s %d times", p.Addr(), hosts[p.Addr()])
		}
	}
}

func TestAFetchOutOfTimeSaysSoInWords(t *testing.T) {
	err := timedFetch(fmt.Errorf("fetching metadata: %w", context.DeadlineExceeded))
	if !strings.Contains(err.Error(), "in time") || strings.Contains(err.Error(), "deadline") || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%q", err)
	}
	if err := timedFetch(context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("%q", err)
	}
}
