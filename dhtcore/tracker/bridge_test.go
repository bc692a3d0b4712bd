package tracker

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

func addrs(texts ...string) (all []netip.AddrPort) {
	for _, text := range texts {
		all = append(all, netip.MustParseAddrPort(text))
	}
	return all
}

func TestPeersFromTheDHTAreOfferedWhereOursDoNotFillTheList(t *testing.T) {
	tr, hash := run(t, Config{Bridge: true}), wire.ID([]byte(hashA))
	conn := dial(t, tr.HTTPAddr())
	conn.get(announceURL(hashA, peerB, 1002, "left", "0"))
	if n := tr.Offer(hash, addrs("192.0.2.7:5000", "127.0.0.1:1002", "127.0.0.1:1003", "[2001:db8::7]:5000", "192.0.2.8:0", "0.0.0.0:5"), time.Now()); n != 3 {
		t.Errorf("%d are offered: one is ours, two are none", n)
	}
	compact := func(addr string) string { return string(wire.AppendAddr(nil, netip.MustParseAddrPort(addr))) }
	_, body := conn.get(announceURL(hashA, peerA, 1001))
	for _, addr := range addrs("127.0.0.1:1002", "192.0.2.7:5000", "127.0.0.1:1003", "[2001:db8::7]:5000") {
		if !strings.Contains(body, compact(addr.String())) {
			t.Errorf("%v is not in %q", addr, body)
		}
	}
	if !strings.Contains(body, "8:completei1e") || !strings.Contains(body, "10:incompletei1e") {
		t.Errorf("peers of the DHT count as ours: %q", body)
	}
	if _, body = conn.get(announceURL(hashA, peerA, 1001, "numwant", "1")); !strings.Contains(body, "5:peers6:"+compact("127.0.0.1:1002")) {
		t.Errorf("of one, ours is to be told: %q", body)
	}
	if _, body = conn.get(announceURL(hashA, peerA, 1001, "compact", "0")); strings.Contains(body, "192.0.2.7") || !strings.Contains(body, "4:port") {
		t.Errorf("a client that asks for peer IDs: %q", body)
	}
	if _, body = conn.get(announceURL(hashA, peerA, 1003)); strings.Contains(body, compact("127.0.0.1:1003")) { // it is ours now
		t.Errorf("told of itself: %q", body)
	}
	if c := tr.Counts(hash); c != (peers.Counts{Seeds: 1, Leechers: 2, Bridged: 2}) {
		t.Errorf("%+v", c)
	}
	sources := map[peers.Source]int{}
	for _, m := range tr.Members(hash, 9) {
		sources[m.Source]++
	}
	if len(sources) != 2 || sources[peers.Tracker] != 3 || sources[peers.Bridge] != 2 {
		t.Errorf("%v", sources)
	}
	if tops, all := tr.Top(5, time.Now(), Want{}); len(tops[0].Swarms) != 1 || tops[0].Swarms[0].Bridged != 2 || all.Seeders != 1 || all.Leechers != 2 {
		t.Errorf("%+v, %+v", tops, all)
	}
	if s := tr.Stats(time.Now()); s.Peers != 3 || s.Bridge == nil || *s.Bridge != (BridgeStats{Swarms: 1, Peers: 2, Lookups: 1, Told: s.Bridge.Told}) || s.Bridge.Told < 3 {
		t.Errorf("%+v, %+v", s, s.Bridge)
	}
}

func TestALocalPeerOfTheDHTIsForLocalClients(t *testing.T) {
	tr := mustOpen(t)
	tr.bridge = newBridge(time.Hour)
	tr.Offer(wire.ID{1}, addrs("10.0.0.1:5000", "8.8.8.8:5000"), time.Now())
	for source, want := range map[string]int{"9.9.9.9:1": 1, "10.0.0.2:1": 2} {
		var sel peers.Selection
		tr.announce(&Request{Hash: wire.ID{1}, Source: netip.MustParseAddrPort(source), Left: 1, Want: -1, Event: Started}, &sel, time.Now())
		if got := len(sel.V4) / 6; got < want || source[0] == '9' && got != want {
			t.Errorf("%s is told of %d", source, got)
		}
	}
}

func TestTheLatestDemandForFewPeersComesFirst(t *testing.T) {
	tr := mustOpen(t)
	if _, ok := tr.Wanted(); ok {
		t.Error("a demand without a bridge")
	}
	tr.bridge = newBridge(time.Hour)
	announce := func(hash int, port uint16, left uint64, event Event) {
		var sel peers.Selection
		source := netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 9, byte(port)}), 7)
		tr.announce(&Request{Hash: wire.ID{byte(hash), byte(hash >> 8)}, Source: source, Left: left, Event: event}, &sel, time.Now())
	}
	wanted := func() int {
		hash, ok := tr.Wanted()
		if !ok {
			return -1
		}
		return int(hash[0]) | int(hash[1])<<8
	}
	for _, hash := range []int{1, 2, 2, 3} {
		announce(hash, 1, 9, None)
	}
	announce(4, 1, 0, None)    // a seed
	announce(3, 1, 9, Stopped) // leaves
	for _, want := range []int{3, 2, 1, -1} {
		if got := wanted(); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
	for port := range uint16(bridgeFew + 5) {
		for wanted() >= 0 {
		}
		announce(7, 10+port, 9, None)
	}
	if got := wanted(); got >= 0 {
		t.Errorf("%d: the swarm has peers enough", got)
	}
	for hash := range 3 * bridgeDemands {
		announce(1000+hash, 1, 9, None)
	}
	for i := range bridgeDemands {
		if got, want := wanted(), 1000+3*bridgeDemands-1-i; got != want {
			t.Fatalf("demand %d: %d, want %d", i, got, want)
		}
	}
	if got := wanted(); got >= 0 {
		t.Errorf("%d: more demands than are remembered", got)
	}
}
