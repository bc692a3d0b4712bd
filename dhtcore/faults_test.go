package dhtcore

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// Whatever happens to our packets, each query is settled once, every lookup ends, and once the faults are over all is as
// it should be.
func TestOurNodeBearsEveryFault(t *testing.T) {
	all := []string{
		"drop=0.1 delay=50ms jitter=200ms duplicate=0.3 reorder=0.3 truncate=0.2",
		"in delay=30s",
		"drop=1",
		"truncate=1",
		"duplicate=1 jitter=300ms",
	}
	if raceEnabled {
		all = all[:2] // each takes seconds there
	}
	for _, text := range all {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			fault, err := ParseFault(text)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { bear(t, fault) })
		})
	}
}

func bear(t *testing.T, fault Fault) {
	demo := &Demo{Seed: 5, Nodes: 40, Scenario: &Scenario{Name: "faults", For: time.Hour, Demand: true,
		Start: Conditions{Silent: 0.1, NATed: 0.2, Demand: testDemand}}}
	e, err := openOn(inMemory(demo), Config{Demo: demo, Bind: loopback, Crawl: true, Limits: DemoLimits()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	time.Sleep(10 * time.Second)
	if err := e.SetFaults([]Fault{fault}); err != nil {
		t.Fatal(err)
	}
	for rank := range 10 {
		e.StartLookup(testnet.InfoHash(5, rank)) //nolint:errcheck // one that runs already will do
		time.Sleep(3 * time.Second)
	}
	if err := e.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)

	for _, l := range e.lookups.states() {
		if !l.Done && time.Since(l.Started) > 30*time.Second {
			t.Errorf("a lookup that began %s ago goes on", time.Since(l.Started))
		}
	}
	hash := testnet.InfoHash(5, 0)
	if err := e.StartLookup(hash); err != nil {
		t.Error(err)
	}
	time.Sleep(10 * time.Second)
	found := 0
	for _, l := range e.lookups.states() {
		if l.Target == hash {
			found = max(found, len(l.Peers))
		}
	}
	if found == 0 {
		t.Error("no peers are found after the faults")
	}

	stats := e.vantages.stats()
	for m, s := range stats.Methods {
		if settled := s.RepliesIn + s.ErrorsIn + s.TimedOut; settled > s.Out {
			t.Errorf("%s: %d queries, and %d outcomes: %+v", wire.Method(m), s.Out, settled, s)
		}
	}
	if stats.RepliesIn+stats.ErrorsIn+stats.TimedOut+stats.Malformed+1000 < stats.QueriesOut {
		t.Errorf("of %d queries, %d were replied to, %d refused, %d timed out", stats.QueriesOut, stats.RepliesIn, stats.ErrorsIn, stats.TimedOut)
	}
	if good := e.Snapshot().Nodes[0].Good; good < 12 {
		t.Errorf("%d good nodes after the faults", good)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}
