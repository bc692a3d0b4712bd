package dhtcore

import (
	"errors"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

func TestTheShowcaseLooksUpTheHottestHashThatWasRequested(t *testing.T) {
	l, now := ledger.New(), time.Now()
	var started []ID
	c := showcase{ledger: l, lookups: &lookups{}, start: func(hash ID) error { started = append(started, hash); return nil }}
	l.See(ledger.Sampled, ID{1}, addrPort("192.0.2.1:1"), 0, now)
	if c.lookUpHottest(now) {
		t.Errorf("it looks up %v, which nobody requested", started)
	}
	l.See(ledger.Requested, ID{2}, addrPort("192.0.2.1:1"), 0, now)
	l.See(ledger.Requested, ID{3}, addrPort("192.0.2.1:1"), 0, now)
	l.See(ledger.Requested, ID{3}, addrPort("198.51.100.1:1"), 0, now)
	if !c.lookUpHottest(now) || len(started) != 1 || started[0] != (ID{3}) {
		t.Errorf("it looks up %v", started)
	}
}

func TestTheDemoHasABoundedNumberOfNodes(t *testing.T) {
	for _, nodes := range []int{-1, MaxDemoNodes + 1} {
		if _, err := (&Demo{Nodes: nodes}).open(); err == nil {
			t.Errorf("%d nodes were made", nodes)
		}
	}
	if network, err := (*Demo)(nil).open(); network != nil || err != nil {
		t.Errorf("without a demo: %v", errors.Join(err))
	}
}
