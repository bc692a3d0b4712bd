package node_test

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// pairOfSockets returns two sockets on loopback, for batches of 8.
func pairOfSockets(t *testing.T) (a, b node.Conn) {
	t.Helper()
	pair := [2]node.Conn{}
	for i := range pair {
		conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 8)
		needs.NoError(t, err, "a socket on loopback")
		t.Cleanup(func() { conn.Close() })
		pair[i] = conn
	}
	return pair[0], pair[1]
}

func TestWhatTheSystemDropsIsCounted(t *testing.T) {
	a, b := pairOfSockets(t)
	n := node.New(node.Config{ID: wire.RandomID(), Conn: b}) // does not run, so that nobody reads
	if drops := n.Stats().KernelDrops; drops != 0 {
		t.Fatalf("%d drops before anything was sent", drops)
	}
	packet := []node.Packet{{Buf: make([]byte, 1400), Addr: b.LocalAddr()}}
	const most = 100_000 // more than any buffer that is granted
	sent := uint64(0)
	for ; sent < most && n.Stats().KernelDrops == 0; sent++ {
		if _, err := a.WriteBatch(packet); err != nil {
			t.Fatal(err)
		}
	}
	if drops := n.Stats().KernelDrops; drops != 1 {
		t.Errorf("%d drops after %d packets", drops, sent)
	}
}
