package simnet

import (
	"cmp"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// small is a planet that can be looked through as a whole.
func small(nodes, hashes int, swarm int) *Planet {
	cfg := DefaultPlanet(nodes)
	cfg.Seed, cfg.Hashes, cfg.Swarm = 7, hashes, func(int) int { return swarm }
	return NewPlanet(cfg)
}

func TestAPlanetFollowsFromItsSeed(t *testing.T) {
	a, b := NewPlanet(PlanetConfig{Nodes: 1000, Seed: 1}), NewPlanet(PlanetConfig{Nodes: 1000, Seed: 1})
	c := NewPlanet(PlanetConfig{Nodes: 1000, Seed: 2})
	if !slices.Equal(a.nodes.sorted, b.nodes.sorted) || slices.Equal(a.nodes.sorted, c.nodes.sorted) {
		t.Error("the IDs do not follow from the seed")
	}
	for _, n := range []int{0, 1, 2, 9} { // no size is too small
		p := NewPlanet(PlanetConfig{Nodes: n, Hashes: n})
		if p.Live() != cmp.Or(n, planetNodes) || len(p.Closest(wire.ID{}, 8)) != min(8, p.Live()) {
			t.Errorf("%d nodes, %d closest", p.Live(), len(p.Closest(wire.ID{}, 8)))
		}
		if r := p.route(0, 1<<40, time.Now()); len(r) != min(8, p.Live()-1) {
			t.Errorf("the first of %d nodes knows %v", p.Live(), r)
		}
	}
}

func TestEveryNodeOfAPlanetHasAPublicAddressThatLeadsBackToIt(t *testing.T) {
	p := small(100_000, 0, 0)
	crowd := map[netip.Prefix]int{}
	for rank := range p.cfg.Nodes {
		addr := p.addr(rank)
		if back, ok := p.find(addr); !ok || back != rank {
			t.Fatalf("node %d at %s is found as %d, %v", rank, addr, back, ok)
		}
		if !wire.FromPublic.Reaches(addr) {
			t.Fatalf("%s is not public", addr)
		}
		if _, ok := p.find(netip.AddrPortFrom(addr.Addr(), addr.Port()^1)); ok {
			t.Fatalf("another port of %s leads to a node", addr)
		}
		block, _ := addr.Addr().Prefix(24)
		if crowd[block]++; crowd[block] > 2 {
			t.Fatalf("%s is crowded", block)
		}
	}
	for place := range uint64(addrSpace) / 4099 { // all over the space
		if back, ok := placeOf(ipAt(place * 4099)); !ok || back != place*4099 {
			t.Fatalf("place %d is found as %d, %v", place*4099, back, ok)
		}
	}
	for _, foreign := range []string{"0.1.2.3:4", "10.1.2.3:4", "192.168.1.1:1", "224.0.0.1:1", "255.255.255.255:1", "[2001::1]:1"} {
		if rank, ok := p.find(netip.MustParseAddrPort(foreign)); ok {
			t.Errorf("%s is node %d", foreign, rank)
		}
	}
}

func TestKeysAreFoundByValueByPrefixAndByDistance(t *testing.T) {
	r := testnet.NewRand(1)
	for _, n := range []int{1, 7, 8, 1000} {
		k := newKeys(n, func(i int) uint64 { return scramble(uint64(i)) })
		for range 200 {
			key := r.Uint64()
			if i := r.IntN(2 * n); i < n {
				key = k.sorted[i]
			}
			if want, _ := slices.BinarySearch(k.sorted, key); k.from(key) != want {
				t.Fatalf("from(%x) = %d, want %d", key, k.from(key), want)
			}
			for prefix := range keyBits {
				lo, hi := k.span(key, prefix)
				for i, other := range k.sorted {
					if inside := prefix == 0 || (other^key)>>(keyBits-prefix) == 0; inside != (i >= lo && i < hi) {
						t.Fatalf("span(%x, %d) = %d, %d", key, prefix, lo, hi)
					}
				}
			}
			var near []uint64
			k.near(key, func(rank int) bool { near = append(near, k.sorted[rank]); return true })
			if len(near) != n || !slices.IsSortedFunc(near, func(a, b uint64) int { return cmp.Compare(a^key, b^key) }) {
				t.Fatalf("near(%x) = %x", key, near)
			}
		}
	}
}

func TestClosestAreTheClosestLiveNodes(t *testing.T) {
	p := small(5000, 20, 1)
	live := p.everyLive()
	if share := float64(len(live)) / 5000; share < 0.47 || share > 0.53 || p.Live() != len(live) {
		t.Errorf("%d of 5000 live, Live() = %d", len(live), p.Live())
	}
	for i := range 20 {
		target := p.Hash(i)
		slices.SortFunc(live, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
		if got := p.Closest(target, 20); !slices.Equal(got, live[:20]) {
			t.Fatalf("closest to %s: %v", target, got)
		}
	}
}

func (p *Planet) everyLive() (live []wire.Contact) {
	for rank := range p.cfg.Nodes {
		if p.alive(rank) {
			live = append(live, p.contact(rank))
		}
	}
	return live
}

func TestANodeAnswersWithTheClosestOfATableOfBuckets(t *testing.T) {
	p := small(100_000, 0, 0)
	now := time.Now()
	dead, all := 0, 0
	for i := range 500 {
		rank := i * 197
		self := p.nodes.sorted[rank]
		whole := p.inside(nil, rank, 0, now)
		held := map[int]int{}
		for _, n := range whole {
			held[wire.SharedBits(p.id(self), p.contact(n).ID)]++
			if all++; !p.alive(n) {
				dead++
			}
		}
		for b := range keyBits {
			lo, hi := p.nodes.sibling(self, b)
			if held[b] != min(hi-lo, perBucket) {
				t.Fatalf("bucket %d has %d of %d", b, held[b], hi-lo)
			}
		}
		if slices.Sort(whole); len(slices.Compact(whole)) != len(whole) || slices.Contains(whole, rank) {
			t.Fatalf("node %d knows itself, or one twice: %v", rank, whole)
		}
		target := scramble(uint64(i)) // anywhere, and near by
		if i%2 == 0 {
			target = self ^ target>>(i%60)
		}
		slices.SortFunc(whole, func(a, b int) int { return cmp.Compare(p.nodes.sorted[a]^target, p.nodes.sorted[b]^target) })
		if got := p.route(rank, target, now); !slices.Equal(got, whole[:perBucket]) {
			t.Fatalf("node %d answers %v, want %v", rank, got, whole[:perBucket])
		}
	}
	if share := float64(dead) / float64(all); share < 0.48 || share > 0.52 {
		t.Errorf("%.2f of the contacts are dead", share)
	}
}

func TestTablesChangeWithTheDriftAndOnlyThen(t *testing.T) {
	cfg := DefaultPlanet(10_000)
	still := NewPlanet(cfg)
	cfg.Drift = time.Hour
	p := NewPlanet(cfg)
	now := time.Now()
	kept := func(p *Planet, later time.Duration) (share float64) {
		same := 0
		for rank := range 1000 {
			before := p.bucket(nil, rank, 0, now)
			for _, n := range p.bucket(nil, rank, 0, now.Add(later)) {
				if slices.Contains(before, n) {
					same++
				}
			}
		}
		return float64(same) / 1000 / perBucket
	}
	if kept(still, time.Hour) != 1 || kept(p, 0) != 1 {
		t.Error("tables change by themselves")
	}
	if share := kept(p, 15*time.Minute); share < 0.72 || share > 0.78 {
		t.Errorf("%.2f of the contacts are left after a quarter of the drift", share)
	}
	if share := kept(p, time.Hour); share > 0.02 {
		t.Errorf("%.2f of the contacts are left after the drift", share)
	}
}

func TestTheTableOfAConvergedNodeIsFullOfLiveNodes(t *testing.T) {
	p := small(100_000, 0, 0)
	self := p.Hash(0)
	members := p.TableOf(self)
	live := p.everyLive()
	var have, there [wire.IDBits + 1]int
	for _, c := range members {
		rank, ok := p.find(c.Addr)
		if !ok || !p.alive(rank) || p.contact(rank) != c {
			t.Fatalf("%v is dead", c)
		}
		have[wire.SharedBits(self, c.ID)]++
	}
	for _, c := range live {
		there[wire.SharedBits(self, c.ID)]++
	}
	for b := range have {
		if have[b] != min(there[b], perBucket) {
			t.Errorf("bucket %d: %d of %d", b, have[b], there[b])
		}
	}
}
