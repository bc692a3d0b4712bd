package testnet

import "time"

// The world's round-trip times and BEP 51 interval: slow enough to watch, quick enough not to bore.
const (
	worldMinRTT         = 20 * time.Millisecond
	worldMaxRTT         = 150 * time.Millisecond
	worldSampleInterval = 15 * time.Second
	worldPeerTTL        = 4 * time.Minute // so that a swarm that dies is seen to
	worldIPv6           = 0.17            // of the nodes: one in six has IPv6
)

// World returns the network of the demo: Mainline in small, with its clients and its faults. nodes is its size, 0 for
// DefaultNodes.
func World(nodes int, seed uint64) Config {
	return Config{Nodes: nodes, Seed: seed, MinRTT: worldMinRTT, MaxRTT: worldMaxRTT, SampleInterval: worldSampleInterval,
		Clients: Mainline, IPv6: worldIPv6, Conditions: mainlineConditions(), PeerTTL: worldPeerTTL}
}
