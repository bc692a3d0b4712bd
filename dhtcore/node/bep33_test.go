package node_test

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
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
		if len(m.R.Values) != 22 || len(m.R.Nodes) != 8 || m.R.Token == nil {
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
