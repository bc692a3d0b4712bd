package node_test

import (
	"context"
	"math"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

// BEP 33's vectors for the filter itself are in dhtcore/peers.

// swarm stores the vector's addresses of BEP 33 as peers of someHash, every fourth of them a seed.
func swarm() (store *peers.Store, seeds, others peers.Filter) {
	store = peers.New(peers.Config{})
	for i := range 256 {
		ip := netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
		store.Announce(someHash, netip.AddrPortFrom(ip, 6881), i%4 == 0, peers.DHT, time.Now())
		if i%4 == 0 {
			seeds.Add(ip)
		} else {
			others.Add(ip)
		}
	}
	for i := range 1000 {
		ip := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 7: byte(i), 14: byte(i >> 8), 15: byte(i)})
		store.Announce(someHash, netip.AddrPortFrom(ip, 6881), i%2 == 0, peers.DHT, time.Now())
	}
	return store, seeds, others
}

func TestAScrapeIsAnsweredWithBothFiltersAndValues(t *testing.T) {
	store, seeds, others := swarm()
	onAir(t, node.Config{Peers: store}, func(r *rig) {
		r.meet(20)
		m := r.ask(query("get_peers", infoHash(someHash)+"6:scrapei1e"))
		if m.R.BFsd == nil || m.R.BFpe == nil || peers.Filter(*m.R.BFsd) != seeds || peers.Filter(*m.R.BFpe) != others {
			t.Errorf("filters %v and %v", m.R.BFsd, m.R.BFpe)
		}
		if got := m.R.BFsd.EstimateCount(); math.Abs(got-64) > 4 {
			t.Errorf("%f seeds, want about 64", got)
		}
		if len(m.R.Values) != 28 || len(m.R.Nodes) != 8 || m.R.Token == nil {
			t.Errorf("%d values, %d nodes, token %v", len(m.R.Values), len(m.R.Nodes), m.R.Token)
		}
		m = r.ask(query("get_peers", infoHash(someHash)+"6:noseedi1e6:scrapei1e"))
		for _, v := range m.R.Values {
			if ip := v.IP.To4(); ip == nil || ip[3]%4 == 0 {
				t.Errorf("%s is a seed", v)
			}
		}
		if m.R.BFsd == nil || peers.Filter(*m.R.BFsd) != seeds {
			t.Error("noseed is about the values, not the filters")
		}
	})
}

func TestAGetPeersWithoutScrapeGetsNoFilter(t *testing.T) {
	store, _, _ := swarm()
	onAir(t, node.Config{Peers: store}, func(r *rig) {
		for _, args := range []string{infoHash(someHash), infoHash(someHash) + "6:scrapei0e", infoHash(foreignID) + "6:scrapei1e"} {
			if m := r.ask(query("get_peers", args)); m.R.BFsd != nil || m.R.BFpe != nil || m.R.Token == nil {
				t.Errorf("%q: %+v", args, m.R)
			}
		}
	})
}

func TestAnAnnouncedSeedIsScrapedAsOne(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		scrape := func() krpc.Return { return *r.ask(query("get_peers", infoHash(someHash)+"6:scrapei1e")).R }
		announce := func(seed string) {
			token := *scrape().Token
			r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e"+seed+"5:token"+bstr(token)))
		}
		var want, none peers.Filter
		want.Add(foreignAddr.Addr())
		announce("")
		if got := scrape(); got.BFpe == nil || peers.Filter(*got.BFpe) != want || peers.Filter(*got.BFsd) != none {
			t.Errorf("a downloader: %+v", got)
		}
		announce("4:seedi1e")
		if got := scrape(); peers.Filter(*got.BFsd) != want || peers.Filter(*got.BFpe) != none {
			t.Errorf("a seed: %+v", got)
		}
	})
}

func TestTheLargestAnswerToAScrapeFitsIntoASmallPacket(t *testing.T) {
	for _, c := range []struct {
		addr, asker netip.AddrPort
		values      int
	}{
		{nodeAddr, foreignAddr, 28},
		{netip.MustParseAddrPort("[fd00::1]:6881"), netip.MustParseAddrPort("[fd00::2]:4000"), 10},
	} {
		for _, want := range []string{"", "4:wantl2:n4e", "4:wantl2:n6e", "4:wantl2:n42:n6e"} {
			answer := largestScrape(t, c.addr, c.asker, want)
			var m wire.Message
			if err := wire.Scan([]byte(answer), &m); err != nil || len(answer) >= 1200 {
				t.Fatalf("%q from %s: %d bytes, %v", want, c.addr, len(answer), err)
			}
			r := m.Reply(c.addr, 0)
			if r.SeedFilter == nil || r.PeerFilter == nil || len(r.Peers) != c.values || len(r.Nodes) != 8 {
				t.Errorf("%q from %s: %d peers, %d nodes", want, c.addr, len(r.Peers), len(r.Nodes))
			}
		}
	}
}

// largestScrape is what a node at addr, which knows many nodes of both families, answers to a scrape with
// the longest transaction ID.
func largestScrape(t *testing.T, addr, asker netip.AddrPort, want string) (answer string) {
	store, _, _ := swarm()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, mem: simnet.NewMemnet(0, 1)}
		var both [2]*node.Node
		for i, ip := range []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1")} {
			both[i] = node.New(node.Config{ID: someHash, Conn: r.listen(netip.AddrPortFrom(ip, 6881)), Peers: store})
			contacts := make([]wire.Contact, 20)
			for j := range contacts {
				ip = ip.Next()
				contacts[j] = wire.Contact{ID: wire.RandomID(), Addr: netip.AddrPortFrom(ip, 6881)}
			}
			both[i].Vouch(contacts)
		}
		r.node = both[0]
		if addr.Addr().Is6() {
			r.node = both[1]
		}
		both[0].SetSibling(both[1])
		both[1].SetSibling(both[0])
		ctx, cancel := context.WithCancel(context.Background())
		defer synctest.Wait()
		defer cancel()
		go r.node.Run(ctx) //nolint:errcheck // ends with the test
		r.foreign = r.newForeign(asker)
		packet := "d1:ad2:id20:" + string(foreignID[:]) + infoHash(someHash) + "6:scrapei1e" + want + "e1:q9:get_peers1:t" + bstr(strings.Repeat("t", 32)) + "1:y1:qe"
		if _, err := r.conn.WriteBatch([]node.Packet{{Buf: []byte(packet), Addr: addr}}); err != nil {
			t.Fatal(err)
		}
		answer = r.receive()
	})
	return answer
}
