package simnet

import (
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

func TestASwarmIsKnownToTheEightClosestLiveNodes(t *testing.T) {
	p := small(20_000, 10, 300)
	hash := p.Hash(3)
	swarm := p.Peers(hash)
	if slices.SortFunc(swarm, netip.AddrPort.Compare); len(slices.Compact(swarm)) != 300 {
		t.Fatalf("%d peers are distinct", len(slices.Compact(swarm)))
	}
	like := hash
	like[19] ^= 1
	if p.Peers(p.Hash(10)) != nil || p.Peers(wire.ID{1}) != nil || p.Peers(like) != nil {
		t.Error("peers of a hash that there is not")
	}
	told := 0
	nearest := p.closestLive(keyOf(hash), 12)
	for place, rank := range nearest {
		known := map[netip.AddrPort]bool{}
		var first []netip.AddrPort
		for luck := range uint64(100) {
			var r wire.Reply
			p.answerPeers(&r, rank, &wire.Query{Method: wire.GetPeers, Target: hash}, luck)
			if place >= holders {
				if r.Peers != nil {
					t.Fatalf("the node at place %d has peers", place)
				}
				continue
			}
			if len(r.Peers) != planetValues || slices.Equal(first, r.Peers) {
				t.Fatalf("%d values, or the same again", len(r.Peers))
			}
			first = r.Peers
			for _, peer := range r.Peers {
				if _, ok := slices.BinarySearchFunc(swarm, peer, netip.AddrPort.Compare); !ok {
					t.Fatalf("%s is not in the swarm", peer)
				}
				known[peer] = true
			}
		}
		told += len(known)
	}
	if share := float64(told) / (300 * holders); math.Abs(share-announceOdds) > 0.03 {
		t.Errorf("a holder knows %.2f of the swarm", share)
	}
}

func TestAScrapeTellsSeedsFromOthers(t *testing.T) {
	p := small(1000, 1, 300)
	hash := p.Hash(0)
	var seeds, others peers.Filter
	for _, rank := range p.closestLive(keyOf(hash), holders) {
		var r wire.Reply
		p.answerPeers(&r, rank, &wire.Query{Method: wire.GetPeers, Target: hash, Scrape: true, NoSeed: true}, 1)
		if len(r.Peers) > planetScrapeValues || r.SeedFilter == nil || r.PeerFilter == nil {
			t.Fatalf("%d values, filters %v %v", len(r.Peers), r.SeedFilter != nil, r.PeerFilter != nil)
		}
		for _, peer := range r.Peers {
			var one peers.Filter
			one.Add(peer.Addr())
			before := peers.Filter(*r.PeerFilter)
			if before.Merge(&one); before != peers.Filter(*r.PeerFilter) {
				t.Fatalf("%s is a seed, or not in the filter", peer)
			}
		}
		seeds.Merge((*peers.Filter)(r.SeedFilter))
		others.Merge((*peers.Filter)(r.PeerFilter))
	}
	want := 0
	for j := range 300 {
		if p.seeds(0, j) {
			want++
		}
	}
	if math.Abs(seeds.Estimate()-float64(want)) > 10 || math.Abs(others.Estimate()-float64(300-want)) > 15 {
		t.Errorf("%.0f seeds, %.0f others of %d, %d", seeds.Estimate(), others.Estimate(), want, 300-want)
	}
}

func TestANodeStoresTheHashesThatItIsAHolderOf(t *testing.T) {
	for _, dead := range []float64{0, 0.5, 0.97} {
		p := NewPlanet(PlanetConfig{Nodes: 3000, Hashes: 10_000, Dead: dead, Seed: 2, Swarm: func(int) int { return 1 }})
		want := map[int][]int{}
		for i := range 10_000 {
			for _, rank := range p.closestLive(p.hashKey(i), holders) {
				if p.told(i, 0, rank) {
					want[rank] = append(want[rank], i)
				}
			}
		}
		for rank := range 3000 {
			if !p.alive(rank) {
				continue
			}
			got := p.stored(rank)
			if slices.Sort(got); !slices.Equal(got, want[rank]) {
				t.Fatalf("%.2f dead: node %d stores %d, want %d", dead, rank, len(got), len(want[rank]))
			}
		}
	}
}

func TestASampleIsTwentyOfTheStoredUntilTheIntervalIsOver(t *testing.T) {
	p := small(2000, 20_000, 3)
	at := time.Unix(0, 0).Add(100 * 6 * time.Hour)
	rank := p.closestLive(p.hashKey(0), 1)[0]
	first, num := p.samples(rank, at)
	again, _ := p.samples(rank, at.Add(6*time.Hour-1))
	next, _ := p.samples(rank, at.Add(6*time.Hour))
	if len(first) != planetSamples || num != len(p.stored(rank)) || num <= planetSamples {
		t.Fatalf("%d of %d", len(first), num)
	}
	if !slices.Equal(first, again) || slices.Equal(first, next) {
		t.Error("the sample does not change with the interval")
	}
	stored := p.stored(rank)
	for _, hash := range first {
		if i, ok := p.torrent(hash); !ok || !slices.Contains(stored, i) {
			t.Errorf("%s is not stored", hash)
		}
	}
	handed := map[wire.ID]int{}
	for hash := range p.Handed(at) {
		handed[hash]++
	}
	speakers, want := 0, 0
	for rank := range p.cfg.Nodes {
		if p.alive(rank) && p.speech(rank) == fluent {
			speakers++
			want += min(len(p.stored(rank)), planetSamples)
		}
	}
	total := 0
	for _, n := range handed {
		total += n
	}
	if total != want || len(handed) < want/holders || float64(speakers)/float64(p.Live()) < 0.75 || float64(speakers)/float64(p.Live()) > 0.85 {
		t.Errorf("%d speakers of %d handed out %d (%d distinct), want %d", speakers, p.Live(), total, len(handed), want)
	}
}
