//go:build !race

// The race detector allocates; .ci/fast runs these tests without it.

package dhtcore

import (
	"testing"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Counters, table, swarm store, sighting and journal entry included.
func TestNoHotMethodAllocates(t *testing.T) {
	f := newFeed()
	hotNode(t, f)
	queries := hotQueries(t)
	queries[wire.AnnouncePeer] = announceWithToken(t, f, queries)
	for method, q := range queries {
		f.packets = [][]byte{q}
		f.carry(4 * batchSize) // what grows once has grown
		const packets = 64 * batchSize
		perRun := testing.AllocsPerRun(10, func() { f.carry(packets) })
		if perRun > packets/100 { // the upkeep's ticker and the runtime have a few of their own
			t.Errorf("%s: %.0f allocations for %d packets", method, perRun, packets)
		}
	}
}

func TestTheHotPathDoesNotAllocateWhileWatched(t *testing.T) {
	f := newFeed(wire.AppendQuery(nil, wire.RandomID(), []byte("aa"), false, &wire.Query{Method: wire.FindNode, Target: wire.RandomID()}))
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	n := node.New(node.Config{ID: wire.RandomID(), Conn: f, Batch: batchSize, Peers: e.swarms, Observe: e.observer.observe, ObserveQueries: e.observer.observeQueries, Tap: e.packets.tap(0)})
	ended := make(chan error)
	go func() { ended <- n.Run(t.Context()) }()
	defer func() {
		f.Close()
		<-ended //nolint:errcheck // ended by us
		e.Close()
	}()
	v := e.NewViewer()
	for _, on := range []bool{false, true} {
		if err := v.WatchPackets(on, nil); err != nil {
			t.Fatal(err)
		}
		watchHash(t, v, wire.RandomID())
		f.carry(4 * batchSize)
		const packets = 64 * batchSize
		if perRun := testing.AllocsPerRun(10, func() { f.carry(packets) }); perRun > packets/100 {
			t.Errorf("watched %v: %.0f allocations for %d packets", on, perRun, packets)
		}
		if seen := v.Snapshot().Packets.Seen; on != (seen > packets) {
			t.Errorf("watched %v: %d packets seen", on, seen)
		}
	}
}
