package dhtcore

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// indoors is our address in a network of local addresses, in which nobody has to prove that others can reach it.
var indoors = netip.MustParseAddrPort("10.0.0.0:6881")

// churning is an Explorer in a network in memory whose nodes come and go.
type churning struct {
	*away
	network *simnet.Network
}

// inChurn runs test in a synctest bubble, in a network of which one node in every leaves and another joins.
func inChurn(t *testing.T, nodes int, every time.Duration, test func(t *testing.T, c *churning)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &churning{away: &away{mem: simnet.NewMemnet(0, 1)}}
		var err error
		habits := testnet.Client{Share: 1, K: 8, Alpha: 4, Refresh: 10 * time.Minute} // else nobody would know of those that join
		c.network, err = simnet.InMemory(simnet.Config{Nodes: nodes, Seed: 5, Clients: []testnet.Client{habits}, MinRTT: 20 * time.Millisecond, MaxRTT: 90 * time.Millisecond}, c.mem)
		if err != nil {
			t.Fatal(err)
		}
		c.Explorer, err = openOn(func(addr netip.AddrPort, _ int) (node.Conn, error) { return c.mem.Listen(addr) },
			Config{Bind: []netip.Addr{indoors.Addr()}, Port: indoors.Port(), Bootstrap: c.network.Bootstrap()})
		if err != nil {
			t.Fatal(err)
		}
		c.vantages.list[0].isLocal = func(netip.Addr) bool { return true }
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { c.network.Run(ctx, testnet.Demand{}) })
		running.Go(func() {
			if err := c.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
		defer running.Wait()
		defer cancel()
		c.until(t, "network", time.Minute, isOnline)
		c.network.SetConditions(testnet.Conditions{Churn: every})
		test(t, c)
	})
}

// holders returns how many of the eight nodes that are closest to target, in truth, have it.
func (c *churning) holders(t *testing.T, target ID, method wire.Method, has func(wire.Reply) bool) (n int) {
	t.Helper()
	for _, m := range c.network.Holders(target) {
		to := wire.Contact{ID: m.ID(), Addr: m.Addr()}
		r, err := c.vantages.list[0].Query(t.Context(), to, wire.Query{Method: method, Target: target})
		if err != nil {
			t.Fatal(err)
		}
		if has(r) {
			n++
		}
	}
	return n
}

// hashesFrom returns n targets.
func hashesFrom(first uint64, n int) (all []ID) {
	r := testnet.NewRand(first)
	for range n {
		all = append(all, testnet.DrawID(r))
	}
	return all
}

// itemsFrom returns n items of as many keys.
func itemsFrom(first, n int) (all []*Item) {
	for i := range n {
		it := &Item{Value: []byte("5:hello"), Seq: 1}
		seed := make([]byte, ed25519.SeedSize)
		binary.BigEndian.PutUint32(seed, uint32(first+i))
		it.Sign(ed25519.NewKeyFromSeed(seed))
		all = append(all, it)
	}
	return all
}

// A node lives for three hours on average, so that one of eight is another one at every second renewal.
func TestWhatIsKeptOutlivesItsHolders(t *testing.T) {
	nodes, hashes, items, lasts := 40, 100, 20, 6*time.Hour
	if raceEnabled {
		nodes, hashes, items, lasts = 20, 10, 3, 33*time.Minute
	}
	inChurn(t, nodes, 3*time.Hour/time.Duration(nodes), func(t *testing.T, c *churning) {
		const port = 7007
		ours := netip.AddrPortFrom(indoors.Addr(), port)
		hasPeer := func(r wire.Reply) bool { return slices.Contains(r.Peers, ours) }
		hasItem := func(r wire.Reply) bool { return r.Item != nil && len(r.Item.Value) > 0 }
		kept, once := hashesFrom(1, hashes), hashesFrom(2, 5)
		keptItems, onceItems := itemsFrom(0, items), itemsFrom(1000, 5)

		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		all := map[bool][]*Republisher{}
		for _, forOnce := range []bool{true, false} {
			peers := c.NewRepublisher(RepublisherConfig{Every: AnnounceEvery, Once: forOnce})
			records := c.NewRepublisher(RepublisherConfig{Every: ItemEvery, Once: forOnce})
			targets, values := kept, keptItems
			if forOnce {
				targets, values = once, onceItems
			}
			for _, hash := range targets {
				peers.KeepPeer(hash, port, false)
			}
			for _, it := range values {
				records.KeepItem(it, nil)
			}
			for _, p := range []*Republisher{peers, records} {
				p.Close()
				running.Go(func() { p.Run(ctx) })
			}
			all[forOnce] = []*Republisher{peers, records}
		}
		time.Sleep(lasts)

		few, sum := 0, 0
		for _, hash := range kept {
			n := c.holders(t, hash, wire.GetPeers, hasPeer)
			sum += n
			if n < 5 {
				few++
				t.Errorf("%s: %d of the 8 closest nodes have the peer", hash, n)
			}
		}
		t.Logf("announces: %.2f of 8 on average, %d of %d below 5", float64(sum)/float64(len(kept)), few, len(kept))
		few, sum = 0, 0
		for _, it := range keptItems {
			n := c.holders(t, it.Target(), wire.Get, hasItem)
			sum += n
			if n < 4 {
				few++
				t.Errorf("%s: %d of the 8 closest nodes have the item", it.Target(), n)
			}
		}
		t.Logf("items: %.2f of 8 on average, %d of %d below 4", float64(sum)/float64(len(keptItems)), few, len(keptItems))
		for _, hash := range once {
			if n := c.holders(t, hash, wire.GetPeers, hasPeer); n != 0 {
				t.Errorf("%s: %d nodes have what was announced once", hash, n)
			}
		}
		for _, it := range onceItems {
			if lasts < ItemLife {
				break
			}
			if n := c.holders(t, it.Target(), wire.Get, hasItem); n != 0 {
				t.Errorf("%s: %d nodes have what was put once", it.Target(), n)
			}
		}
		for _, p := range all[false] {
			sums := p.Totals()
			t.Logf("%+v", sums)
			if sums.States[KeptAlive] != sums.Entries || sums.Failures > sums.Renewals/100 {
				t.Errorf("%+v", sums)
			}
			held := 0
			for _, e := range p.Kept() {
				held += e.Holding.Nodes
				if e.Stored < 5 || e.Holding.Checked < 5 || e.Err != "" || time.Since(e.Renewed) > p.cfg.Every+time.Minute {
					t.Errorf("%+v", e)
				}
			}
			t.Logf("held by %.2f before they were renewed last", float64(held)/float64(sums.Entries))
		}
	})
}

// renewals collects what a Republisher does.
type renewals struct {
	mu  sync.Mutex
	all []Renewal
}

func (r *renewals) add(n *Renewal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, *n)
}

func (r *renewals) last() Renewal {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all[len(r.all)-1]
}

func (r *renewals) changed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.all, func(n Renewal) bool { return n.Changed })
}

func (r *renewals) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.all)
}

// keepAway runs a Republisher of an Explorer until the test ends.
func keepAway(t *testing.T, a *away, every time.Duration, add func(p *Republisher)) (p *Republisher, r *renewals) {
	t.Helper()
	r = &renewals{}
	p = a.NewRepublisher(RepublisherConfig{Every: every, Renewed: r.add})
	add(p)
	p.Close()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return p, r
}

func TestANewerVersionOfAnItemIsNotOverwritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 20, func(*away) {})
		a.until(t, "network", time.Minute, isOnline)
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		sign := func(it *Item) { it.Sign(key) }
		ours := &Item{Value: []byte("4:ours"), Key: []byte(key.Public().(ed25519.PublicKey)), Salt: []byte("s"), HasCAS: true, CAS: 0}
		const every = 4 * time.Minute // each virtual hour takes seconds
		p, r := keepAway(t, a, every, func(p *Republisher) { p.KeepItem(ours, sign) })
		theirs, copies := keepAway(t, a, every, func(p *Republisher) { p.KeepTarget(ours.Target(), ours.Salt) })
		time.Sleep(3 * every / 2)
		if k := p.Kept()[0]; k.State != KeptAlive || k.Item.Seq != 0 || k.Renewals < 2 || k.Holding.Nodes < 8 || k.Err != "" {
			t.Errorf("%+v", k)
		}
		if k := theirs.Kept()[0]; k.State != KeptAlive || string(k.Item.Value) != "4:ours" || k.Item.Seq != 0 {
			t.Errorf("what was found: %+v", k)
		}
		newer := &Item{Value: []byte("5:newer"), Key: ours.Key, Salt: ours.Salt} // by the same key, elsewhere
		if _, err := a.Put(t.Context(), newer, sign); err != nil || newer.Seq != 1 {
			t.Fatal(newer.Seq, err)
		}
		time.Sleep(every)
		k, turns := p.Kept()[0], r.count()
		if last := r.last(); k.State != KeptSuperseded || last.State != KeptSuperseded || k.Err == "" || k.Item.Seq != 0 {
			t.Errorf("after a newer version: %+v", k)
		}
		if got := a.Get(t.Context(), ours.Target(), ours.Salt); got.Item == nil || string(got.Item.Value) != "5:newer" {
			t.Errorf("the newer version is gone: %+v", got.Item)
		}
		if k := theirs.Kept()[0]; k.State != KeptAlive || k.Item.Seq != 1 || !copies.changed() {
			t.Errorf("what was found: %+v", k)
		}
		time.Sleep(2 * every)
		if r.count() != turns {
			t.Errorf("%d turns after the end", r.count()-turns)
		}
		if got := a.Get(t.Context(), ours.Target(), ours.Salt); got.Item == nil || string(got.Item.Value) != "5:newer" {
			t.Errorf("what was found is not kept: %+v", got.Item)
		}
		if sums := p.Totals(); sums.States != [len(keptStates)]int{KeptSuperseded: 1} {
			t.Errorf("%+v", sums)
		}
	})
}

func TestWhatIsKeptWaitsForTheNetworkAndCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 20, func(*away) {})
		begun := time.Now()
		p, r := keepAway(t, a, 5*time.Minute, func(p *Republisher) {
			for _, hash := range hashesFrom(1, 10) {
				p.KeepPeer(hash, 7007, true)
			}
			p.KeepTarget(ID{1}, nil) // nobody has it
		})
		time.Sleep(2 * time.Minute)
		a.mem.Cut(home, refuses(syscall.ENETUNREACH))
		time.Sleep(time.Minute)
		before := r.count()
		time.Sleep(10 * time.Minute)
		if r.count() > before {
			t.Errorf("%d turns while the network is away", r.count()-before)
		}
		a.mem.Mend(home)
		time.Sleep(2 * time.Minute)
		for _, k := range p.Kept()[:10] {
			if k.State != KeptAlive || time.Since(k.Renewed) > 2*time.Minute {
				t.Errorf("%s after the start: %+v", time.Since(begun), k)
			}
		}
		if k := p.Kept()[10]; k.State != KeptFailing || k.Err != errNotFound.Error() || k.Failures < 2 || k.Item != nil {
			t.Errorf("%+v", k)
		}
	})
}
