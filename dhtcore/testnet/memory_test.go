package testnet_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// every returns an incident of every kind.
func every(duration time.Duration) (all []testnet.Incident) {
	for _, kind := range testnet.IncidentKinds() {
		all = append(all, testnet.Incident{Kind: kind, Target: testnet.InfoHash(1, 1), For: duration})
	}
	all[testnet.Flood].Rate = 100
	return all
}

// A goroutine that is left behind fails the bubble.
func TestTheWorldRunsInMemoryWithEverythingThatCanHappen(t *testing.T) {
	inWorld(t, testnet.World(60, 1), testnet.Demand{Hashes: 20, PerSecond: 1, Exponent: 1.2}, func(t *testing.T, v visitor) {
		if !v.network.HasIPv6() {
			t.Fatal("there is no IPv6 network")
		}
		six := v.network.ClosestHonest(v.ID(), wire.IPv6, 8)
		if len(six) < 3 || wire.FamilyOf(six[0].Addr.Addr()) != wire.IPv6 || v.network.Judge(six[0]) != testnet.HonestThere {
			t.Errorf("in the IPv6 network: %v", six)
		}
		if v.network.Judge(wire.Contact{Addr: six[0].Addr}) != testnet.NobodyThere {
			t.Error("a node is there under any ID")
		}
		for _, i := range append(every(0), every(0)...) { // again is in the place of before
			if err := v.network.Begin(i); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(5 * time.Second)
		if all := v.network.Incidents(); len(all) != len(every(0)) || all[0].Kind != testnet.SybilRing || all[0].Count != 20 {
			t.Errorf("%+v", all)
		}
	})
}

// counted is a socket that is counted while it is open.
type counted struct {
	node.Conn
	closed func()
}

func (c counted) Close() error {
	c.closed()
	return c.Conn.Close()
}

// counting returns a listen that counts the open sockets.
func counting(listen testnet.Listen, open *atomic.Int64) testnet.Listen {
	return func(id wire.ID, r *rand.Rand) (node.Conn, error) {
		conn, err := listen(id, r)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return counted{conn, sync.OnceFunc(func() { open.Add(-1) })}, nil
	}
}

func TestWhatBeganBeforeANetworkRunsHappensFromItsStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := simnet.NewMemnet(0, 1)
		var open atomic.Int64
		n, err := testnet.New(testnet.Config{Nodes: 20, Seed: 1}, counting(mem.ListenLoopback, &open))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range every(10 * time.Second) {
			if err := n.Begin(i); err != nil {
				t.Fatal(err)
			}
		}
		if err := n.Begin(testnet.Incident{Kind: testnet.SybilRing, Target: wire.ID{1}}); err != nil {
			t.Fatal(err)
		}
		n.End(testnet.SybilRing)
		time.Sleep(time.Minute) // it does not run yet
		if all := n.Incidents(); len(all) != 3 || all[0].Kind != testnet.PoisonedRegion {
			t.Errorf("before the start: %+v", all)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { n.Run(ctx, testnet.Demand{}) })
		time.Sleep(9 * time.Second)
		if all := n.Incidents(); len(all) != 3 {
			t.Errorf("9 s after the start: %+v", all)
		}
		time.Sleep(2 * time.Second)
		if all := n.Incidents(); len(all) != 0 {
			t.Errorf("11 s after the start: %+v", all)
		}
		if open.Load() != 20 {
			t.Errorf("%d sockets are open", open.Load())
		}
		cancel()
		running.Wait()
		if err := n.Begin(every(0)[0]); err == nil {
			t.Error("an incident in a network that has ended")
		}
	})
}

// Programs of others that join are there, too; nodes that left are not.
func TestVisitorsAreThereOnceTheySpoke(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 20, Seed: 1, Conditions: testnet.Conditions{Churn: time.Second}}, testnet.Demand{}, func(t *testing.T, v visitor) {
		conn, err := v.mem.Listen(netip.MustParseAddrPort("127.0.0.1:7777"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		program := wire.Contact{ID: wire.ID{3}, Addr: conn.LocalAddr()}
		before, members := v.network.Judge(program), v.network.Contacts()
		for _, c := range members {
			q := wire.AppendQuery(nil, program.ID, []byte("aa"), false, &wire.Query{Method: wire.Ping})
			if _, err := conn.WriteBatch([]node.Packet{{Buf: q, Addr: c.Addr}}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if after := v.network.Judge(program); before != testnet.NobodyThere || after != testnet.HonestThere {
			t.Errorf("first %s, then %s", before, after)
		}
		time.Sleep(10 * time.Second)
		gone := 0
		for _, c := range members {
			if v.network.Judge(c) == testnet.NobodyThere {
				gone++
			}
		}
		if gone < 5 || gone > 10 {
			t.Errorf("%d nodes left in 10 s", gone)
		}
	})
}

func TestANetworkThatEndsLeavesNoGoroutineOfAnIncident(t *testing.T) {
	before := runtime.NumGoroutine()
	n, err := testnet.Loopback(testnet.Config{Nodes: 10, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	n.Include(wire.Contact{ID: wire.ID{1}, Addr: netip.MustParseAddrPort("127.0.0.1:9")})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx, testnet.Demand{}) })
	for _, i := range every(0) {
		if err := n.Begin(i); err != nil {
			t.Error(err)
		}
	}
	cancel()
	running.Wait()
	for tries := 0; runtime.NumGoroutine() > before && tries < 100; tries++ { // those of the runtime's own timers
		time.Sleep(10 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before || len(n.Incidents()) > 0 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// A lookup that reaches all of the honest nodes closest to its target finds nearly all that they hold.
func TestALookupIsMeasuredAgainstTheTruth(t *testing.T) {
	cfg := testnet.World(100, 1)
	cfg.Conditions = testnet.Conditions{Silent: 0.2, NATed: 0.2, Liars: 0.02}
	inWorld(t, cfg, testnet.Demand{Hashes: 40, Exponent: 1.2}, func(t *testing.T, v visitor) {
		time.Sleep(time.Second)
		held, found := 0, 0
		for rank := 5; rank < 15; rank++ {
			s := v.lookUp(testnet.InfoHash(1, rank))
			peers := map[string]bool{}
			for _, p := range s.Peers {
				peers[p.Addr.String()] = true
			}
			for _, p := range v.network.HeldPeers(s.Target) {
				if p.Addr().Is4() {
					if held++; peers[p.String()] {
						found++
					}
				}
			}
			for _, step := range s.Steps {
				is := v.network.Judge(wire.Contact{ID: step.ID, Addr: step.Addr})
				if step.State == lookup.Replied && (is == testnet.SilentThere || is == testnet.NobodyThere || is == testnet.BehindNAT) {
					t.Errorf("%s replied, and is %s", step.Addr, is)
				}
			}
		}
		if held < 50 || float64(found) < 0.9*float64(held) {
			t.Errorf("%d of %d peers were found", found, held)
		}
	})
}
