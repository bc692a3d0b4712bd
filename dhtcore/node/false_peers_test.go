package node_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// impossible are peers that nobody can be, then one of a private network and one of the Internet.
const impossible = "6:valuesl6:\x00\x00\x00\x00\x00\x056:\xe0\x00\x00\x01\x00P6:\xff\xff\xff\xff\x00P6:\x08\x08\x08\x08\x00\x00" +
	"6:\xc0\xa8\x4d\x01\x00P6:\x08\x08\x08\x08\x00Pe"

// TestPeersThatCannotBeAreLies: a stranger cannot know the hosts of a private network, wherever our socket is; its own
// nodes can.
func TestPeersThatCannotBeAreLies(t *testing.T) {
	lan, internet := netip.MustParseAddrPort("192.168.77.1:80"), netip.MustParseAddrPort("8.8.8.8:80")
	for _, c := range []struct {
		ours, from string
		want       []netip.AddrPort
	}{
		{"10.0.0.1:6881", "10.0.0.3:4000", []netip.AddrPort{lan, internet}},
		{"10.0.0.1:6881", "9.9.9.9:4000", []netip.AddrPort{internet}},
		{"7.7.7.7:6881", "9.9.9.9:4000", []netip.AddrPort{internet}},
		{"127.0.0.1:6881", "127.0.0.1:4000", []netip.AddrPort{lan, internet}},
	} {
		onAirAt(t, netip.MustParseAddrPort(c.ours), node.Config{}, func(r *rig) {
			r.foreign = r.newForeign(netip.MustParseAddrPort(c.from))
			to := wire.Contact{ID: foreignID, Addr: netip.MustParseAddrPort(c.from)}
			done := make(chan wire.Reply, 1)
			go func() {
				reply, err := r.node.Query(context.Background(), to, wire.Query{Method: wire.GetPeers, Target: someHash})
				if err != nil {
					t.Error(err)
				}
				done <- reply
			}()
			var m wire.Message
			if err := wire.Scan([]byte(r.receive()), &m); err != nil {
				t.Fatal(err)
			}
			r.send("d1:rd2:id20:" + string(foreignID[:]) + impossible + "e1:t" + bstr(string(m.TID)) + "1:y1:re")
			reply := <-done
			lies := 6 - len(c.want)
			if len(reply.Peers) != len(c.want) || reply.Peers[0] != c.want[0] || reply.FalsePeers != lies {
				t.Errorf("%s of %s: %v, %d false; want %v", c.from, c.ours, reply.Peers, reply.FalsePeers, c.want)
			}
			if n := r.node.Stats().FalsePeers; n != uint64(lies) {
				t.Errorf("%s of %s: %d counted, want %d", c.from, c.ours, n, lies)
			}
		})
	}
}

func TestNothingIsSentToAnAddressThatNoHostCanHave(t *testing.T) {
	for _, addr := range []string{"192.88.99.1:6881", "0.0.0.0:6881", "240.0.0.1:6881", "[::ffff:224.0.0.1]:6881"} {
		onAirAt(t, netip.MustParseAddrPort("7.7.7.7:6881"), node.Config{}, func(r *rig) {
			var unsent *node.SendError
			if _, err := r.node.Ping(context.Background(), wire.Contact{Addr: netip.MustParseAddrPort(addr)}); !errors.As(err, &unsent) {
				t.Errorf("%s: %v", addr, err)
			}
			if addr := netip.MustParseAddrPort(addr); addr.Addr().Is4() {
				r.foreign = r.newForeign(addr)
				r.send(query("ping", ""))
			}
			if s := r.node.Stats(); s.PacketsOut != 0 || s.PacketsIn != s.Ignored {
				t.Errorf("%s: %+v", addr, s)
			}
		})
	}
}

func TestNothingIsSentToAnIPv6AddressThatNoHostCanHave(t *testing.T) {
	onAirAt(t, netip.MustParseAddrPort("[2a00::1]:6881"), node.Config{}, func(r *rig) {
		for _, addr := range []string{"[fec0::1]:6881", "[100::1]:6881", "[64:ff9b::808:808]:6881", "[2002:a00:1::1]:6881", "[ff02::1]:6881"} {
			if _, err := r.node.Ping(context.Background(), wire.Contact{Addr: netip.MustParseAddrPort(addr)}); err == nil {
				t.Errorf("%s answered", addr)
			}
			r.foreign = r.newForeign(netip.MustParseAddrPort(addr))
			r.send(query("ping", ""))
		}
		if s := r.node.Stats(); s.PacketsOut != 0 || s.Ignored != 5 {
			t.Errorf("%+v", s)
		}
	})
}
