package dhtcore

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// inMemory has the embedded network of a demo be in memory, and returns how the Explorer listens in it. There is no
// IPv6 there.
func inMemory(d *Demo) listen {
	mem := simnet.NewMemnet(0, d.Seed+1)
	d.build = func(cfg testnet.Config) (*testnet.Network, error) {
		cfg.IPv6 = 0
		return testnet.New(cfg, func(_ wire.ID, r *rand.Rand) (node.Conn, error) {
			return mem.Listen(netip.AddrPortFrom(testnet.LoopbackIP(r), uint16(1024+r.IntN(60000))))
		})
	}
	return func(addr netip.AddrPort, _ int) (node.Conn, error) {
		return mem.Listen(netip.AddrPortFrom(addr.Addr(), cmp.Or(addr.Port(), DefaultPort)))
	}
}

// conduct conducts a scenario in a network in memory and in virtual time, and returns the lab as it was in the end.
func conduct(t *testing.T, s *Scenario, seed uint64) (end LabState) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		demo := &Demo{Seed: seed, Scenario: s}
		cfg := Config{Demo: demo, Bind: loopback, Crawl: true, Limits: DemoLimits()}
		e, err := openOn(inMemory(demo), cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		for end = e.Lab(); !end.Done; end = e.Lab() {
			time.Sleep(s.For - end.Running + time.Second)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return end
}

// seeds are how many networks each scenario is conducted in: DHTOP_SEEDS, or few enough for every run of the tests.
func seeds(t *testing.T) int {
	t.Helper()
	if text := os.Getenv("DHTOP_SEEDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("DHTOP_SEEDS is %q: want a number", text)
		}
		return n
	}
	if raceEnabled {
		return 1
	}
	return 2
}

// testNodes and testDemand make networks small enough for many of them.
const (
	testNodes  = 100
	testDemand = 0.05
)

// TestScenarios conducts the built-in scenarios, in networks smaller than that of the demo.
func TestScenarios(t *testing.T) {
	last := uint64(seeds(t))
	for _, builtin := range scenario.Builtin() {
		s := *builtin
		s.Nodes, s.Start.Demand = cmp.Or(s.Nodes, testNodes), cmp.Or(s.Start.Demand, testDemand)
		s.Start.Churn = s.Start.Churn * DefaultDemoNodes / time.Duration(s.Nodes) // a node stays for as long as in the demo
		t.Run(s.Name, func(t *testing.T) {
			for seed := uint64(1); seed <= last; seed++ {
				t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
					t.Parallel()
					began := time.Now()
					end := conduct(t, &s, seed)
					for _, v := range end.Verdicts {
						if !v.OK {
							t.Errorf("%s: %s is %q, want %s\nagain: DHTOP_SEEDS=%d go test -run 'TestScenarios/%s/seed_%d' ./dhtcore", s.Name, v.Measure, v.Got, v.Want,
								last, strings.ReplaceAll(s.Name, " ", "_"), seed)
						}
					}
					t.Logf("%s: %+v", time.Since(began).Round(time.Millisecond), end.Truth)
				})
			}
		})
	}
}
