package node_test

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

func TestSavedNodesThatCannotBeReachedStayOut(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		for _, addr := range []netip.AddrPort{voter(1), foreignAddr, netip.MustParseAddrPort("127.0.0.1:1")} {
			r.node.Restore([]table.Node{{Contact: wire.Contact{ID: wire.RandomID(), Addr: addr}}})
		}
		if _, nodes := r.node.Table(time.Now()); len(nodes) != 1 || r.node.Stats().Refused != 2 {
			t.Errorf("%d nodes, %d refused", len(nodes), r.node.Stats().Refused)
		}
	})
}
