package testnet_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// lookUp lets the visitor find the peers of a hash.
func (v visitor) lookUp(target wire.ID) lookup.State {
	return lookup.New(lookup.Config{Target: target, Method: wire.GetPeers, Querier: v, Self: []wire.ID{v.ID()},
		Seeds: append(v.Closest(target, 16), v.network.ClosestHonest(v.ID(), wire.IPv4, 4)...)}).Run(context.Background())
}

// judged counts the nodes that replied in a lookup by what there is behind them.
func (v visitor) judged(s lookup.State) (count map[testnet.Presence]int) {
	count = map[testnet.Presence]int{}
	for _, step := range s.Steps {
		if step.State == lookup.Replied {
			count[v.network.Judge(wire.Contact{ID: step.ID, Addr: step.Addr})]++
		}
	}
	return count
}

func TestASybilRingDrawsLookupsAndIsForgottenAfterItsEnd(t *testing.T) {
	target := testnet.InfoHash(1, 3)
	inWorld(t, testnet.Config{Nodes: 100, Seed: 1, MinRTT: 10 * time.Millisecond, MaxRTT: 40 * time.Millisecond}, testnet.Demand{Hashes: 10, Exponent: 1.2},
		func(t *testing.T, v visitor) {
			if before := v.judged(v.lookUp(target)); before[testnet.HonestThere] < 8 || before[testnet.LiarThere] > 0 {
				t.Fatalf("before: %v", before)
			}
			if err := v.network.Begin(testnet.Incident{Kind: testnet.SybilRing, Target: target, For: 20 * time.Second}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
			s := v.lookUp(target)
			if during := v.judged(s); during[testnet.LiarThere] < 8 || during[testnet.HonestThere] > 4 {
				t.Errorf("in the ring: %v", during)
			}
			closest, there := s.Steps[0], v.network.ClosestHonest(target, wire.IPv4, 8)
			if wire.SharedBits(closest.ID, target) < 40 || slices.ContainsFunc(there, func(c wire.Contact) bool { return c.ID == closest.ID }) {
				t.Errorf("the closest is %s", closest.ID)
			}
			time.Sleep(11 * time.Second)
			if len(v.network.Incidents()) != 0 || v.network.Judge(wire.Contact{ID: closest.ID, Addr: closest.Addr}) != testnet.NobodyThere {
				t.Error("it goes on")
			}
		})
}

func TestAPoisonedRegionNamesNobodyWhoIsThereAndTheOthersDo(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 100, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		target := wire.ID{0xa5, 1}
		if err := v.network.Begin(testnet.Incident{Kind: testnet.PoisonedRegion, Target: target, Bits: 2}); err != nil {
			t.Fatal(err)
		}
		inside := 0
		for _, c := range v.network.Contacts() {
			reply, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: target})
			if err != nil || len(reply.Nodes) == 0 {
				t.Fatal(len(reply.Nodes), err)
			}
			poisoned := wire.SharedBits(c.ID, target) >= 2
			if poisoned {
				inside++
			}
			if lying := v.network.Judge(c) == testnet.LiarThere; lying != poisoned {
				t.Errorf("%s lies: %v", c.ID, lying)
			}
			for _, told := range reply.Nodes {
				if there := v.network.Judge(told) != testnet.NobodyThere; there == poisoned {
					t.Errorf("%s names %s, which is there: %v", c.ID, told.ID, there)
				} else if poisoned && wire.SharedBits(told.ID, target) < 2 {
					t.Errorf("%s names %s, which is elsewhere", c.ID, told.ID)
				}
			}
		}
		if inside < 10 || inside > 50 {
			t.Errorf("%d of 100 nodes are in the region", inside)
		}
		if v.network.End(testnet.PoisonedRegion); v.network.Judge(v.network.ClosestHonest(target, wire.IPv4, 1)[0]) != testnet.HonestThere {
			t.Error("it goes on")
		}
	})
}

func TestAFloodArrivesAtItsRateAndEnds(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 10, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		flood := testnet.Incident{Kind: testnet.Flood, Count: 4, Rate: 1000}
		if err := v.network.Begin(flood); err != nil {
			t.Fatal(err)
		}
		before := v.Stats()
		time.Sleep(5 * time.Second)
		during := v.Stats()
		if got := during.PacketsIn - before.PacketsIn; got < 4500 || got > 5500 {
			t.Errorf("%d packets in 5 s", got)
		}
		if junk := during.Malformed - before.Malformed; junk < 2000 || junk > 3000 {
			t.Errorf("%d of them are junk", junk)
		}
		if all := v.network.Incidents(); len(all) != 1 || all[0] != flood {
			t.Errorf("%+v goes on", all)
		}
		v.network.End(testnet.Flood)
		after := v.Stats().PacketsIn
		time.Sleep(time.Second)
		if got := v.Stats().PacketsIn - after; got > 30 {
			t.Errorf("%d packets after its end", got)
		}
	})
}

func TestADemandSpikeComesForItsTargetAndAnnounces(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 60, Seed: 1, MaxRTT: 20 * time.Millisecond}, testnet.Demand{}, func(t *testing.T, v visitor) {
		target := wire.ID{9, 9}
		if err := v.network.Begin(testnet.Incident{Kind: testnet.DemandSpike, Target: target, Rate: 10, For: 20 * time.Second}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Second)
		if _, asked := v.seen(wire.GetPeers); asked < 100 {
			t.Errorf("the guest was asked %d times", asked)
		}
		held := v.network.HeldPeers(target)
		if len(held) < 80 || len(held) > 220 { // 200 downloads, of which 0.7 announce
			t.Errorf("%d peers are held", len(held))
		}
		found := v.lookUp(target)
		missed := 0
		for _, p := range held {
			if !slices.ContainsFunc(found.Peers, func(f lookup.Peer) bool { return f.Addr == p }) {
				missed++
			}
		}
		if missed > len(held)/4 { // an answer has 50
			t.Errorf("%d of %d were not found", missed, len(held))
		}
	})
}

func TestViolationsOfIntervalsAreCounted(t *testing.T) {
	cfg := testnet.Config{Nodes: 5, Seed: 1, SampleInterval: 15 * time.Second, MinRTT: 50 * time.Millisecond, MaxRTT: 50 * time.Millisecond}
	inWorld(t, cfg, testnet.Demand{}, func(t *testing.T, v visitor) {
		c := v.network.Contacts()[0]
		sample := func() {
			if _, err := v.Query(context.Background(), c, wire.Query{Method: wire.SampleInfohashes}); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			wait time.Duration
			want int
		}{{0, 0}, {15 * time.Second, 0}, {5 * time.Second, 1}, {12 * time.Second, 2}, {15 * time.Second, 2}} {
			time.Sleep(step.wait)
			if sample(); v.network.Violations() != step.want {
				t.Fatalf("after %s: %d violations, want %d", step.wait, v.network.Violations(), step.want)
			}
		}
		v.network.SetFaults([]testnet.Fault{{Direction: testnet.Outbound, Duplicate: 1}})
		time.Sleep(15 * time.Second)
		sample()
		v.network.SetFaults([]testnet.Fault{{Direction: testnet.Inbound, Drop: 1}})
		time.Sleep(15 * time.Second)
		for range 2 {
			if _, err := v.Query(context.Background(), c, wire.Query{Method: wire.SampleInfohashes}); err == nil {
				t.Fatal("nothing is lost")
			}
		}
		if got := v.network.Violations(); got != 2 {
			t.Errorf("%d violations, although none is the guest's", got-2)
		}
	})
}

func TestWhatANetworkCannotTakeHasARemedy(t *testing.T) {
	for _, c := range []testnet.Conditions{{Loss: 1.5}, {Silent: -0.1}, {NATed: math.NaN()}, {Silent: 0.5, NATed: 0.4, Liars: 0.1},
		{Delay: -1}, {Delay: time.Hour}, {Churn: time.Nanosecond}, {Demand: -1}, {Demand: 1e6}} {
		if err := c.Check(); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	for _, c := range []testnet.Conditions{{}, testnet.World(0, 1).Conditions, {Loss: 1, Partition: 1, Silent: 0.95}} {
		if err := c.Check(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, i := range []testnet.Incident{{Kind: 99}, {Kind: testnet.SybilRing, Count: -1}, {Kind: testnet.SybilRing, Count: 1e6},
		{Kind: testnet.PoisonedRegion, Bits: 160}, {Kind: testnet.Flood, Rate: 1e9}, {Kind: testnet.Flood, Rate: math.NaN()}, {Kind: testnet.DemandSpike, Rate: 1e9}, {For: -1}} {
		if err := i.Check(); err == nil {
			t.Errorf("%+v is taken", i)
		}
	}
}
