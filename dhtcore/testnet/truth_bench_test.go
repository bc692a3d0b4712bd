package testnet_test

import (
	"testing"

	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// The truth is asked for every second while people look at the demo.
func BenchmarkTruth(b *testing.B) {
	n, err := testnet.New(testnet.World(5000, 1), simnet.NewMemnet(0, 1).ListenLoopback)
	if err != nil {
		b.Fatal(err)
	}
	defer n.Close()
	b.Run("HeldPeers", func(b *testing.B) {
		for i := range b.N {
			n.HeldPeers(testnet.InfoHash(1, i%8))
		}
	})
	contacts := n.Contacts()
	b.Run("Judge", func(b *testing.B) {
		for i := range b.N {
			n.Judge(contacts[i%len(contacts)])
		}
	})
	b.Run("ClosestHonest", func(b *testing.B) {
		for i := range b.N {
			n.ClosestHonest(wire.ID{byte(i)}, wire.IPv4, 8)
		}
	})
}
