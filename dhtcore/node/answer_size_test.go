package node_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/items"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

const bep32Limit = 1024

// fullOfBoth asks a node that knows many nodes, swarms and peers of both families, and the item it. It returns the answer
// over IPv4 or IPv6 to a query with a transaction ID of tid bytes.
func fullOfBoth(t *testing.T, family wire.Family, method, args string, tid int, it *wire.Item) (answer string) {
	store, _, _ := swarm()
	for i := range 200 {
		hash := [20]byte{1, byte(i)}
		store.Announce(hash, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 9, 9, byte(i)}), 1), false, peers.DHT, time.Now())
		store.Announce(hash, netip.AddrPortFrom(netip.AddrFrom16([16]byte{0: 0xfd, 15: byte(i)}), 1), false, peers.DHT, time.Now())
	}
	held := items.New(items.Config{})
	if it != nil {
		if err := held.Put(it, foreignAddr.Addr(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, mem: simnet.NewMemnet(0, 1)}
		ips := [wire.Families]netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1")}
		var both [wire.Families]*node.Node
		for i, ip := range ips {
			both[i] = node.New(node.Config{ID: someHash, Conn: r.listen(netip.AddrPortFrom(ip, 6881)), Peers: store, Items: held})
			contacts := make([]wire.Contact, 20)
			for j := range contacts {
				ip = ip.Next()
				contacts[j] = wire.Contact{ID: wire.RandomID(), Addr: netip.AddrPortFrom(ip, 6881)}
			}
			both[i].Vouch(contacts)
		}
		both[0].SetSibling(both[1])
		both[1].SetSibling(both[0])
		r.node = both[family]
		ctx, cancel := context.WithCancel(context.Background())
		defer synctest.Wait()
		defer cancel()
		go r.node.Run(ctx) //nolint:errcheck // ends with the test
		r.foreign = r.newForeign(netip.AddrPortFrom(ips[family].Next(), 4000))
		packet := "d1:ad2:id20:" + string(foreignID[:]) + args + "e1:q" + bstr(method) + "1:t" + bstr(strings.Repeat("t", tid)) + "1:y1:qe"
		if _, err := r.conn.WriteBatch([]node.Packet{{Buf: []byte(packet), Addr: netip.AddrPortFrom(ips[family], 6881)}}); err != nil {
			t.Fatal(err)
		}
		answer = r.receive()
	})
	return answer
}

func TestTheLargestAnswersKeepToBEP32sLimit(t *testing.T) {
	const n4, n6, both, scrape = "4:wantl2:n4e", "4:wantl2:n6e", "4:wantl2:n42:n6e", "6:scrapei1e"
	hash, at := infoHash(someHash), target(someHash)
	for _, c := range []struct {
		method, args string
		nodes        int
		over4, over6 int // peers or samples

	}{
		{"find_node", at + both, 16, 0, 0},
		{"get_peers", hash, 8, 50, 28},
		{"get_peers", hash + both, 16, 49, 18},
		{"get_peers", hash + n6, 8, 50, 28},
		{"get_peers", hash + scrape, 8, 22, 3},
		{"get_peers", hash + scrape + n4, 8, 22, 7},
		{"get_peers", hash + scrape + n6, 8, 10, 3},
		{"get_peers", hash + scrape + both, 8, 22, 3}, // BEP 33: only the mandatory nodes
		{"sample_infohashes", at, 8, 20, 20},
		{"sample_infohashes", at + both, 16, 18, 17},
		{"get", at + both, 16, 0, 0},
	} {
		for family, records := range [wire.Families]int{c.over4, c.over6} {
			for _, tid := range []int{2, 32} {
				answer := fullOfBoth(t, wire.Family(family), c.method, c.args, tid, nil)
				var m wire.Message
				if err := wire.Scan([]byte(answer), &m); err != nil || len(answer) > bep32Limit {
					t.Fatalf("%s %q over %s: %d bytes, %v", c.method, c.args, wire.Family(family), len(answer), err)
				}
				r := m.Reply(nodeAddr, 0)
				got := len(r.Peers) + len(r.Samples)
				if len(r.Nodes) != c.nodes || tid == 2 && got != records || tid == 32 && (got > records || got < records-5) ||
					(r.SeedFilter != nil) != strings.Contains(c.args, scrape) {
					t.Errorf("%s %q over %s: %d nodes, %d peers, %d samples in %d bytes; want %d of them and %d nodes",
						c.method, c.args, wire.Family(family), len(r.Nodes), len(r.Peers), len(r.Samples), len(answer), records, c.nodes)
				}
			}
		}
	}
}

// TestAnAnswerWithAnItemKeepsToTheLimitIfTheItemDoes: the rest of the packet is for nodes. BEP 44 allows items that break
// BEP 32's limit by themselves.
func TestAnAnswerWithAnItemKeepsToTheLimitIfTheItemDoes(t *testing.T) {
	for _, c := range []struct {
		value       int // its length
		nodes4, max int
	}{{10, 8, bep32Limit}, {500, 8, bep32Limit}, {600, 7, bep32Limit}, {700, 3, bep32Limit}, {780, 0, bep32Limit}, {996, 6, 1400}} {
		it := signed(bstr(strings.Repeat("x", c.value)), 1<<62)
		for family, want := range [wire.Families]int{c.nodes4, -1} {
			answer := fullOfBoth(t, wire.Family(family), "get", target(it.Target())+"4:wantl2:n42:n6e", 2, it)
			var m wire.Message
			if err := wire.Scan([]byte(answer), &m); err != nil || len(answer) > c.max {
				t.Fatalf("%d bytes over %s: %d bytes, %v", c.value, wire.Family(family), len(answer), err)
			}
			if r := m.Reply(nodeAddr, 0); r.Item == nil || want >= 0 && len(r.Nodes) != want {
				t.Errorf("%d bytes over %s: %d nodes in %d bytes", c.value, wire.Family(family), len(r.Nodes), len(answer))
			}
		}
	}
}
