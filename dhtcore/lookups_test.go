package dhtcore

import (
	"context"
	"testing"
	"time"

	"dhtop/dhtcore/testnet"
)

func joined(t *testing.T) *Explorer {
	t.Helper()
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	return e
}

func TestWhoJoinsALookupDoesNotEndWithItsCaller(t *testing.T) {
	e := joined(t)
	hash := testnet.InfoHash(demoSeed, 3)
	first, cancel := context.WithCancel(t.Context())
	began := make(chan struct{})
	go func() {
		r, _ := e.lookups.enter(e.lookups.getPeers(hash), false)
		close(began)
		e.lookups.run(first, r)
	}()
	<-began
	result := make(chan LookupState)
	go func() { result <- e.Lookup(t.Context(), hash) }()
	pauseFor(t.Context(), 5*time.Millisecond)
	cancel()
	if l := <-result; l.Err != "" || l.Replied == 0 {
		t.Errorf("the lookup that was joined: %q, %+v", l.Err, l.Round)
	}
}

func TestOnlyAnswersThatBroughtPeersAreFound(t *testing.T) {
	e := joined(t)
	hash := testnet.InfoHash(demoSeed, 0)
	l := e.Lookup(t.Context(), hash) // or the demo's own, which has begun before
	steps, found := 0, 0
	events, lost := e.EventsAfter(nil, 0, 1<<14)
	for _, ev := range events {
		if ev.Hash != hash || ev.At.Before(l.Started) {
			continue
		}
		switch ev.Kind {
		case LookupStep:
			steps++
		case Found:
			found++
			if ev.N == 0 {
				t.Error("no peers were found")
			}
		}
	}
	if lost != 0 || steps != l.Replied || found < 1 || found > l.Queries {
		t.Errorf("%d steps and %d answers with peers, of %d that answered %d questions", steps, found, l.Replied, l.Queries)
	}
}
