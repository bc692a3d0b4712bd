package names

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

func TestStrangersAreNotConnectedToInsideOurNetworkNorAtPrivilegedPorts(t *testing.T) {
	n := New(Config{Believes: func(claimed, referrer netip.AddrPort) bool {
		return wire.Routable(claimed.Addr()) && (!wire.Local(claimed.Addr()) || wire.Local(referrer.Addr()))
	}})
	var found []lookup.Peer
	for _, s := range []string{"8.8.8.8:6881", "8.8.8.8:22", "127.0.0.1:6881", "192.168.1.1:6881", "10.0.0.1:6881", "0.0.0.0:6881", "224.0.0.1:6881", "8.8.4.4:1024"} {
		found = append(found, lookup.Peer{Addr: netip.MustParseAddrPort(s)})
	}
	for i := range byte(100) {
		found = append(found, lookup.Peer{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 9, i / 5}), uint16(7000+int(i)))})
	}
	for i := range byte(100) {
		found = append(found, lookup.Peer{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 10, i}), 7000)})
	}
	peers := n.connectable(found)
	if len(peers) != maxPeers || peers[0] != found[0].Addr || peers[1] != found[7].Addr {
		t.Errorf("would connect to %v", peers)
	}
	stranger, neighbour := netip.MustParseAddrPort("8.8.8.8:1"), netip.MustParseAddrPort("192.168.1.9:1")
	lan := lookup.Peer{Addr: netip.MustParseAddrPort("192.168.1.1:6881"), From: []netip.AddrPort{stranger}}
	if len(n.connectable([]lookup.Peer{lan})) != 0 {
		t.Error("a stranger aims us at our own network")
	}
	if lan.From = append(lan.From, neighbour); len(n.connectable([]lookup.Peer{lan})) != 1 {
		t.Error("a node of our own network cannot tell of a peer there")
	}
	hosts := map[netip.Addr]int{}
	for _, p := range peers {
		if hosts[p.Addr()]++; hosts[p.Addr()] > maxPerHost {
			t.Errorf("would connect to %s %d times", p.Addr(), hosts[p.Addr()])
		}
	}
}

func TestAFetchOutOfTimeSaysSoInWords(t *testing.T) {
	err := timed(fmt.Errorf("fetching metadata: %w", context.DeadlineExceeded))
	if !strings.Contains(err.Error(), "in time") || strings.Contains(err.Error(), "deadline") || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%q", err)
	}
	if err := timed(context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("%q", err)
	}
}

func TestWhatOnlyOurTrackerKnowsIsNotAskedOfTheDHT(t *testing.T) {
	n := New(Config{Ledger: ledger.New()})
	at := time.Now()
	n.cfg.Ledger.Track([]ledger.TrackedSum{{InfoHash: wire.ID{1, 2, 3}, Announces: 3}}, at)
	if hash, ok := n.next(10, at); ok {
		t.Errorf("the name of %v would be asked of the DHT", hash)
	}
	n.cfg.Ledger.See(ledger.Requested, wire.ID{4}, netip.MustParseAddrPort("198.51.100.7:1"), 0, at)
	if hash, ok := n.next(10, at); !ok || hash != (wire.ID{4}) {
		t.Errorf("%v, %v; want the one that the DHT asks for", hash, ok)
	}
	if hash, ok := n.next(10, at.Add(again/2)); ok {
		t.Errorf("%v is tried again at once", hash)
	}
	if _, ok := n.next(10, at.Add(again)); !ok {
		t.Error("it is not tried again")
	}
}
