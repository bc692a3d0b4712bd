package node_test

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
)

func TestSampleInfohashesTellsTheStoredHashesAndTheInterval(t *testing.T) {
	onAir(t, node.Config{SampleInterval: time.Hour}, func(r *rig) {
		r.meet(20)
		empty := r.ask(query("sample_infohashes", target(someHash))).R
		if empty.Samples == nil || len(*empty.Samples) != 0 || *empty.Num != 0 {
			t.Errorf("samples must be there even if empty: %+v", empty.Bep51Return)
		}
		token := *r.ask(query("get_peers", infoHash(someHash))).R.Token
		r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e5:token"+bstr(token)))
		full := r.ask(query("sample_infohashes", target(someHash))).R
		if len(*full.Samples) != 1 || (*full.Samples)[0] != someHash || *full.Num != 1 || *full.Interval != 3600 {
			t.Errorf("%+v", full.Bep51Return)
		}
		if len(full.Nodes) != 8 {
			t.Errorf("%d nodes", len(full.Nodes))
		}
	})
}

func TestSamplesOverOneFamilyHavePeersOfIt(t *testing.T) {
	store := peers.New(peers.Config{})
	four, six := someHash, foreignID
	store.Announce(four, netip.MustParseAddrPort("10.0.0.7:1"), false, peers.DHT, time.Now())
	store.Announce(six, netip.MustParseAddrPort("[fd00::7]:1"), false, peers.DHT, time.Now())
	for addr, want := range map[string][20]byte{"10.0.0.1:6881": four, "[fd00::1]:6881": six} {
		at := netip.MustParseAddrPort(addr)
		onAirAt(t, at, node.Config{Peers: store}, func(r *rig) {
			r.foreign = r.newForeign(netip.AddrPortFrom(at.Addr().Next().Next(), 4000))
			got := r.ask(query("sample_infohashes", target(someHash))).R
			if len(*got.Samples) != 1 || (*got.Samples)[0] != want || *got.Num != 1 {
				t.Errorf("%s: %+v", addr, got.Bep51Return)
			}
		})
	}
}
