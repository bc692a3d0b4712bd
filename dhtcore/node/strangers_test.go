package node_test

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// Local addresses are told to local nodes alone: elsewhere they are lies.
func TestAStrangerIsToldOfNoLocalAddress(t *testing.T) {
	store := peers.New(peers.Config{})
	for _, p := range []string{"192.168.1.5:6881", "10.0.0.8:6881", "8.8.8.8:6881", "100.64.1.1:6881", "11.1.1.1:6881"} {
		store.Announce(someHash, netip.MustParseAddrPort(p), false, peers.DHT, time.Now())
	}
	for from, want := range map[string]struct{ nodes, peers int }{"10.0.0.3:4000": {6, 5}, "9.9.9.9:4000": {3, 2}} {
		onAir(t, node.Config{Peers: store}, func(r *rig) {
			for _, addr := range []string{"10.0.0.21:1", "192.168.9.1:1", "127.0.0.5:1", "8.8.4.4:1", "45.1.1.1:1", "46.1.1.1:1"} {
				r.node.Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: netip.MustParseAddrPort(addr)}})
			}
			r.foreign = r.newForeign(netip.MustParseAddrPort(from))
			got := r.ask(query("get_peers", infoHash(someHash))).R
			if len(got.Nodes) != want.nodes || len(got.Values) != want.peers {
				t.Errorf("%s is told of %v and %v", from, got.Nodes, got.Values)
			}
		})
	}
}
