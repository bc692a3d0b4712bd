package node_test

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// A node of one family answers with the contacts of the families that are wanted, by default its own.
func TestWantChoosesTheAddressFamiliesOfTheAnswer(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(20)
		six := node.New(node.Config{ID: wire.RandomID(), Conn: r.listen(netip.MustParseAddrPort("[fd00::1]:6881"))})
		for i := range byte(20) {
			addr := netip.AddrFrom16([16]byte{0: 0xfd, 14: i, 15: 9})
			six.Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: netip.AddrPortFrom(addr, 6881)}})
		}
		r.node.SetSibling(six)
		defer six.Close()
		for _, c := range []struct {
			want          string
			nodes, nodes6 int
		}{
			{"", 8, 0},
			{"4:wantl2:n4e", 8, 0},
			{"4:wantl2:n6e", 0, 8},
			{"4:wantl2:n42:n6e", 8, 8},
			{"4:wantl2:n9e", 8, 0},
			{"4:wantle", 8, 0},
		} {
			for _, method := range []string{"find_node", "get_peers"} {
				args := target(someHash) + c.want
				if method == "get_peers" {
					args = infoHash(someHash) + c.want
				}
				m := r.ask(query(method, args))
				if len(m.R.Nodes) != c.nodes || len(m.R.Nodes6) != c.nodes6 {
					t.Errorf("%s with %q: %d nodes and %d nodes6, want %d and %d", method, c.want,
						len(m.R.Nodes), len(m.R.Nodes6), c.nodes, c.nodes6)
				}
			}
		}
	})
}

func TestANodeWithoutASiblingAnswersForItsOwnFamilyOnly(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(20)
		if m := r.ask(query("find_node", target(someHash)+"4:wantl2:n42:n6e")); len(m.R.Nodes) != 8 || len(m.R.Nodes6) != 0 {
			t.Errorf("%d nodes and %d nodes6", len(m.R.Nodes), len(m.R.Nodes6))
		}
	})
}

func TestAMalformedWantIsNone(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(20)
		for _, want := range []string{"4:want2:n4", "4:wantli4ee", "4:wanti1e"} {
			if m := r.ask(query("find_node", target(someHash)+want)); m.R == nil || len(m.R.Nodes) != 8 {
				t.Errorf("%q: %+v", want, m)
			}
		}
	})
}
