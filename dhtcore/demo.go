package dhtcore

import (
	"context"
	"fmt"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// Demo is the embedded network of the demo.
type Demo struct {
	Nodes int // 1 to MaxDemoNodes; 0 for DefaultDemoNodes
	Seed  uint64
}

// The sizes of the embedded network. Every node has a socket of its own.
const (
	DefaultDemoNodes = testnet.DefaultNodes
	MaxDemoNodes     = 5000
)

// The demo's round-trip times and BEP 51 interval: slow enough to watch, quick enough not to bore.
const (
	demoMinRTT         = 20 * time.Millisecond
	demoMaxRTT         = 150 * time.Millisecond
	demoSampleInterval = 15 * time.Second
)

// openNetwork builds the embedded network.
func (e *Explorer) openNetwork() (err error) {
	if e.cfg.Demo == nil {
		return nil
	}
	if e.cfg.Demo.Nodes > MaxDemoNodes || e.cfg.Demo.Nodes < 0 {
		return fmt.Errorf("%d nodes: the embedded network has 1 to %d", e.cfg.Demo.Nodes, MaxDemoNodes)
	}
	e.network, err = testnet.Loopback(testnet.Config{Nodes: e.cfg.Demo.Nodes, Seed: e.cfg.Demo.Seed,
		MinRTT: demoMinRTT, MaxRTT: demoMaxRTT, SampleInterval: demoSampleInterval})
	if err != nil {
		return err
	}
	if e.cfg.Bootstrap == nil {
		e.cfg.Bootstrap = e.network.Bootstrap()
	}
	return nil
}

// How the demo keeps its lookups pane alive.
const (
	showEvery = 6 * time.Second
	showFirst = time.Second
	showAgain = time.Minute // until the same hash is looked up once more
)

// showOff looks up the hottest hash that has not been looked up lately, every few seconds: in the
// demo there may be nobody at the keys.
func (e *Explorer) showOff(ctx context.Context) {
	for wait := showFirst; pauseFor(ctx, wait); {
		wait = showEvery
		if !e.showLookup() {
			wait = showFirst // nobody has asked for anything yet
		}
	}
}

func (e *Explorer) showLookup() (started bool) {
	now := time.Now()
	lately := make(map[ID]bool)
	for _, l := range e.lookupStates() {
		if l.Method == wire.GetPeers && l.Started.After(now.Add(-showAgain)) {
			lately[l.Target] = true
		}
	}
	for _, row := range e.ledger.Top(MaxHashes, now) {
		if row.Requests > 0 && !lately[row.InfoHash] {
			return e.StartLookup(row.InfoHash) == nil
		}
	}
	return false
}
