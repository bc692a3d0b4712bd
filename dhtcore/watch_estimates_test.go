package dhtcore

import (
	"context"
	"net/netip"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/watch"
)

// plantedSwarm is a swarm whose size is known.
type plantedSwarm struct {
	hash            ID
	seeds, leechers int
}

// addrs returns the peers of the i-th swarm, each at a host of its own; the first of them are the seeds.
func (p *plantedSwarm) addrs(i int) (addrs []netip.AddrPort) {
	for j := range p.seeds + p.leechers {
		addrs = append(addrs, netip.AddrPortFrom(netip.AddrFrom4([4]byte{20 + byte(i), byte(3 * i), byte(j >> 8), byte(j)}), 6881))
	}
	return addrs
}

// plant has each peer announce itself to each of the nodes that hold a swarm, but for one time in five.
func plant(n *simnet.Network, swarms []plantedSwarm) {
	r := testnet.NewRand(5)
	for i := range swarms {
		addrs := swarms[i].addrs(i)
		for _, m := range n.Holders(swarms[i].hash) {
			for j, addr := range addrs {
				if r.Float64() < testnet.AnnounceOdds {
					m.Peers.Announce(swarms[i].hash, addr, j < swarms[i].seeds, peers.DHT, time.Now())
				}
			}
		}
	}
}

// TestTheEstimatesOfTheWatchListAreWithinTheirError has the list look up swarms of known sizes in a network of which a third
// is dead: at least nine in ten of the estimates are within watch.Error, for no more packets than the list's budget is made
// for. With DHTOP_HOURS it watches them for so many virtual hours after the first, and tells what that costs.
func TestTheEstimatesOfTheWatchListAreWithinTheirError(t *testing.T) {
	t.Parallel()
	const watched, budgeted = 40, 80
	count, nodes := 60, 300
	if raceEnabled {
		count, nodes = 20, 100
	}
	hours, _ := strconv.Atoi(os.Getenv("DHTOP_HOURS"))
	var swarms []plantedSwarm
	for i := range count {
		swarms = append(swarms, plantedSwarm{hash: testnet.InfoHash(1, i), seeds: i * i / 8, leechers: (count - i) * 4})
	}
	synctest.Test(t, func(t *testing.T) {
		mem := simnet.NewMemnet(0, 1)
		network, err := simnet.InMemory(simnet.Config{Nodes: nodes, Seed: 3, MinRTT: 20 * time.Millisecond, MaxRTT: 200 * time.Millisecond,
			Public: true, Dead: 1. / 3}, mem)
		if err != nil {
			t.Fatal(err)
		}
		e, err := openOn(func(addr netip.AddrPort, _ int) (node.Conn, error) { return mem.Listen(addr) },
			Config{Bind: []netip.Addr{home.Addr()}, Port: home.Port(), Bootstrap: network.Bootstrap(), Watch: &WatchConfig{}})
		if err != nil {
			t.Fatal(err)
		}
		e.recorder.every = 0
		e.vantages.list[0].isLocal = func(netip.Addr) bool { return true }
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 2)
		go func() { network.Run(ctx, testnet.Demand{}); ended <- nil }()
		go func() { ended <- e.Run(ctx) }()
		defer func() {
			cancel()
			for range cap(ended) {
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
		}()
		time.Sleep(10 * time.Second)

		plant(network, swarms)
		within, estimates, packets := 0, 0, 0
		judge := func(of string, got, want int) {
			estimates++
			if max(got-want, want-got) <= watch.Error(want) {
				within++
			} else {
				t.Logf("of %d %s there are %d by the estimate, which is off by %d at most", want, of, got, watch.Error(want))
			}
		}
		for _, p := range swarms {
			o := e.watches.lookUp(ctx, &WatchEntry{Target: p.hash})
			judge("seeds", o.Seeds, p.seeds)
			judge("leechers", o.Leechers, p.leechers)
			packets += o.Packets
		}
		t.Logf("%d of %d estimates are within their error; %.1f packets a lookup", within, estimates, float64(packets)/float64(count))
		if within*10 < estimates*9 || packets == 0 || packets > budgeted*count {
			t.Errorf("want nine in ten, and at most %d packets a lookup", budgeted)
		}
		if hours > 0 {
			watchFor(t, e, hours, swarms[:min(watched, count)], func() { plant(network, swarms) })
		}
	})
}

// watchFor watches swarms for so many hours after a first one, and tells what that costs in packets. plant has their peers
// announce themselves again.
func watchFor(t *testing.T, e *Explorer, hours int, swarms []plantedSwarm, plant func()) {
	t.Helper()
	sent := func(hours int) float64 {
		before := e.vantages.list[0].Stats().QueriesOut
		for range 3 * hours {
			plant()
			time.Sleep(20 * time.Minute)
		}
		return float64(e.vantages.list[0].Stats().QueriesOut-before) / float64(hours*3600)
	}
	idle := sent(hours)
	for i := range swarms {
		if _, err := e.Watch(WatchEntry{Target: swarms[i].hash}); err != nil {
			t.Fatal(err)
		}
	}
	first := sent(1)
	began := e.lookups.begun.Load()
	rate := sent(hours)
	t.Logf("queries/s that this node sends: %.2f before, %.2f in the first hour of %d entries, %.2f then, with %d lookups in %d h",
		idle, first, len(swarms), rate, e.lookups.begun.Load()-began, hours)
	if s := e.Snapshot(); rate-idle >= 1 || len(s.Watch.Alerts) > 0 {
		t.Errorf("%.2f packets/s; alerts %+v", rate-idle, s.Watch.Alerts)
	}
}
