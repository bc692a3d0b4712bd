package node_test

import (
	"context"
	"net/netip"
	"testing"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestAQueryWithOddOptionalFieldsIsAnswered(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for i, c := range []struct{ method, args, top string }{
			{"ping", "4:porti1e", "1:vi5e"},
			{"ping", "", "2:ip4:abcd"},
			{"find_node", target(someHash) + "4:want2:n4", ""},
			{"get_peers", infoHash(someHash) + "6:noseed1:1", ""},
			{"get_peers", infoHash(someHash) + "6:scrapele", ""},
			{"get_peers", infoHash(someHash) + "6:target3:abc", ""},
			{"sample_infohashes", target(someHash) + "4:wanti4e", ""},
			{"get", "3:seq1:1" + target(someHash), ""},
			{"ping", "", "2:ro1:1"},
		} {
			before := r.node.Stats().LeftOut
			m := r.ask("d1:ad2:id20:" + string(foreignID[:]) + c.args + "e1:q" + bstr(c.method) + c.top + "1:t2:aa1:y1:qe")
			if left := r.node.Stats().LeftOut - before; m.Y != "r" || left != 1 && c.args != "4:porti1e" {
				t.Errorf("%d: %s with %q, %q: %+v, %d left out", i, c.method, c.args, c.top, m, left)
			}
		}
	})
}

func TestAReplyWithOddOptionalFieldsIsUsed(t *testing.T) {
	const values = "6:valuesl6:\x7f\x00\x00\x09\x1a\xe1e"
	for name, c := range map[string]struct{ inside, top string }{
		"nodes of 27 bytes": {"5:nodes27:nnnnnnnnnnnnnnnnnnnnnnnnnnn", ""}, "nodes6 of 26 bytes": {"6:nodes626:nnnnnnnnnnnnnnnnnnnnnnnnnn", ""},
		"a number as the token": {"5:tokeni5e", ""}, "a filter of 3 bytes": {"4:BFsd3:abc", ""}, "a string as the interval": {"8:interval1:5", ""},
		"ip as a number": {"", "2:ipi5e"}, "v as a number": {"", "1:vi5e"}, "ro as a string": {"", "2:ro1:1"}, "an error beside it": {"", "1:ei5e"},
	} {
		onAir(t, node.Config{}, func(r *rig) {
			asked := make(chan wire.Reply, 1)
			go func() {
				reply, err := r.node.Query(context.Background(), wire.Contact{Addr: foreignAddr}, wire.Query{Method: wire.GetPeers, Target: someHash})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				asked <- reply
			}()
			var q wire.Message
			if err := wire.Scan([]byte(r.receive()), &q); err != nil {
				t.Fatal(err)
			}
			r.send("d" + c.top + "1:rd2:id20:" + string(foreignID[:]) + c.inside + values + "e1:t" + bstr(string(q.TID)) + "1:y1:re")
			reply := <-asked
			if len(reply.Peers) != 1 || reply.Peers[0] != netip.MustParseAddrPort("127.0.0.9:6881") || r.node.Stats().LeftOut != 1 {
				t.Errorf("%s: peers %v, %d left out", name, reply.Peers, r.node.Stats().LeftOut)
			}
		})
	}
}
