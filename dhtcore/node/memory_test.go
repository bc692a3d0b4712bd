package node_test

import (
	"net/netip"
	"runtime"
	"testing"

	"dhtop/dhtcore/items"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/simnet"
)

// idleNode is how many bytes a node takes that has done nothing yet, beside its socket and its stores: the embedded network has hundreds.
const idleNode = 8 << 10

func TestANodeThatHasDoneNothingTakesLittleMemory(t *testing.T) {
	const count = 200
	mem := simnet.NewMemnet(0, 1)
	cfg := node.Config{Peers: peers.New(peers.Config{}), Items: items.New(items.Config{})}
	conns, nodes := make([]node.Conn, count), make([]*node.Node, count)
	for i := range conns {
		var err error
		if conns[i], err = mem.Listen(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 1, byte(i)}), 6881)); err != nil {
			t.Fatal(err)
		}
	}
	before := allocated()
	for i := range nodes {
		cfg.Conn = conns[i]
		nodes[i] = node.New(cfg)
	}
	each := (allocated() - before) / count
	runtime.KeepAlive(nodes)
	if each > idleNode {
		t.Errorf("%d bytes a node, more than %d", each, idleNode)
	}
	t.Logf("%d bytes a node", each)
}

// allocated returns how many bytes were ever allocated: what other tests leave behind, and when that goes, does not change it.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
