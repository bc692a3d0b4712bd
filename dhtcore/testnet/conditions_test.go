package testnet_test

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// visitor is a guest of a network in memory.
type visitor struct {
	*node.Node
	network *testnet.Network
	mem     *simnet.Memnet
	seen    func(method wire.Method) (readOnly, all int) // queries that reached it
}

// inWorld lets do visit a network in memory that a bubble of testing/synctest holds.
func inWorld(t *testing.T, cfg testnet.Config, d testnet.Demand, do func(t *testing.T, v visitor)) {
	synctest.Test(t, func(t *testing.T) {
		mem := simnet.NewMemnet(0, 1)
		cfg.ListenIPv6 = mem.ListenIPv6
		n, err := testnet.New(cfg, mem.ListenLoopback)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := mem.Listen(netip.MustParseAddrPort("127.0.0.1:6881"))
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		readOnly, all := map[wire.Method]int{}, map[wire.Method]int{}
		v := visitor{network: n, mem: mem, seen: func(method wire.Method) (int, int) {
			mu.Lock()
			defer mu.Unlock()
			return readOnly[method], all[method]
		}}
		v.Node = node.New(node.Config{ID: wire.ID{7}, Conn: n.Expose(conn), Tap: func(way wire.Direction, p node.Packet) {
			var m wire.Message
			if way == wire.Out || wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindQuery {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if all[m.Method]++; m.ReadOnly {
				readOnly[m.Method]++
			}
		}})
		n.Include(wire.Contact{ID: v.ID(), Addr: v.Addr()})
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { n.Run(ctx, d) })
		running.Go(func() { v.Run(ctx) }) //nolint:errcheck // ends with the test
		defer running.Wait()
		defer cancel()
		synctest.Wait()
		do(t, v)
	})
}

// answering are the members that answer the visitor, in up to three tries.
func (v visitor) answering() (all []wire.Contact) {
	var mu sync.Mutex
	var asked sync.WaitGroup
	for _, c := range v.network.Contacts() {
		asked.Go(func() {
			for range 3 {
				if _, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: v.ID()}); err == nil {
					mu.Lock()
					defer mu.Unlock()
					all = append(all, c)
					return
				}
			}
		})
	}
	asked.Wait()
	return all
}

func expectAnswers(t *testing.T, v visitor, conditions string, want int) {
	t.Helper()
	if got := len(v.answering()); got < want-2 || got > min(want+2, len(v.network.Contacts())) { // shares are rounded
		t.Errorf("%s: %d nodes answer, want %d", conditions, got, want)
	}
}

func TestTheConditionsOfANetworkMayChangeWhileItRuns(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 100, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		expectAnswers(t, v, "no fault", 100)
		v.network.SetConditions(testnet.Conditions{Silent: 0.3})
		expectAnswers(t, v, "30 % silent", 70)
		time.Sleep(time.Minute) // what the visitor opened behind NAT is closed again
		v.network.SetConditions(testnet.Conditions{NATed: 0.4, Silent: 0.1})
		expectAnswers(t, v, "40 % behind NAT, 10 % silent", 50)
		v.network.SetConditions(testnet.Conditions{Loss: 1})
		expectAnswers(t, v, "every packet lost", 0)
		v.network.SetConditions(testnet.Conditions{Partition: 0.5})
		if got := len(v.answering()); got < 35 || got > 65 {
			t.Errorf("half of it cut off: %d of 100 nodes answer", got)
		}
		v.network.SetConditions(testnet.Conditions{})
		expectAnswers(t, v, "no fault again", 100)
		v.network.SetConditions(testnet.Conditions{Delay: time.Second})
		began := time.Now()
		c := v.network.Contacts()[0]
		if _, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: v.ID()}); err != nil || time.Since(began) < time.Second {
			t.Errorf("it took %s and %v", time.Since(began), err)
		}
	})
}

func TestLossLosesItsShare(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 200, Seed: 1, Conditions: testnet.Conditions{Loss: 0.3}}, testnet.Demand{}, func(t *testing.T, v visitor) {
		var replied atomic.Int32
		var asked sync.WaitGroup
		for _, c := range v.network.Contacts() {
			asked.Go(func() {
				if _, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: v.ID()}); err == nil {
					replied.Add(1)
				}
			})
		}
		asked.Wait()
		if n := replied.Load(); n < 70 || n > 130 { // 0.7 of the queries, and of the replies: 98
			t.Errorf("%d of 200 replied", n)
		}
	})
}

func TestSomeOfThoseBehindNATSayThatNobodyCanReachThem(t *testing.T) {
	cfg := testnet.Config{Nodes: 60, Seed: 1, Clients: testnet.Mainline, Conditions: testnet.Conditions{NATed: 0.5}}
	d := testnet.Demand{Hashes: 50, PerSecond: 5, Exponent: 1.2, Guests: 1}
	inWorld(t, cfg, d, func(t *testing.T, v visitor) {
		time.Sleep(30 * time.Second)
		readOnly, all := v.seen(wire.GetPeers)
		if readOnly == 0 || readOnly > all/3 {
			t.Errorf("%d of %d queries say that their sender cannot be reached", readOnly, all)
		}
	})
}

func TestLiarsNameNodesThatDoNotExist(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 100, Seed: 1, Conditions: testnet.Conditions{Liars: 0.05}}, testnet.Demand{}, func(t *testing.T, v visitor) {
		target, lying := wire.ID{1, 2, 3, 4, 5}, 0
		there := v.network.Contacts()
		for _, c := range there {
			reply, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: target})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(reply.Nodes, func(told wire.Contact) bool { return slices.Contains(there, told) }) && len(reply.Nodes) > 0 {
				lying++
			}
		}
		if lying != 5 {
			t.Errorf("%d liars", lying)
		}
	})
}

func TestNodesThatFallSilentWereKnownBefore(t *testing.T) {
	conditions := testnet.Conditions{Silent: 0.2, Churn: time.Second}
	inWorld(t, testnet.Config{Nodes: 30, Seed: 1, Conditions: conditions}, testnet.Demand{}, func(t *testing.T, v visitor) {
		time.Sleep(3 * time.Minute) // everybody has been replaced several times
		told := map[wire.Contact]bool{}
		answering := v.answering()
		for _, c := range answering {
			reply, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: v.ID()})
			if err == nil {
				for _, n := range reply.Nodes {
					told[n] = true
				}
			}
		}
		dead := 0
		for c := range told {
			if c.Addr != v.Addr() && !slices.Contains(answering, c) {
				dead++
			}
		}
		if dead == 0 || dead > len(told)*3/4 {
			t.Errorf("of %d nodes that the others name, %d are dead", len(told), dead)
		}
	})
}
