package dhtcore

import (
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// What we send to join, to keep the table and to crawl must not look like demand to others: no get_peers.
func TestOurOwnMaintenanceIsNoDemandOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 40, func(*away) {})
		a.until(t, "network", time.Minute, isOnline)
		a.SetCrawl(true)
		time.Sleep(time.Hour)
		s := a.Snapshot()
		for method := range s.Traffic.Methods {
			if out := s.Traffic.Methods[method].Out; (out > 0) != (method == int(wire.FindNode) || method == int(wire.Ping) || method == int(wire.SampleInfohashes)) {
				t.Errorf("%d queries of method %v were sent", out, wire.Method(method))
			}
		}
		if err := a.StartLookup(ID{1}); err != nil {
			t.Fatal(err)
		}
		a.until(t, "lookup", time.Minute, func(s *Snapshot) bool { return s.Traffic.Methods[wire.GetPeers].Out > 0 }) // as a check of the above
	})
}

func TestMaintenanceIsNeitherRankedNorNamedNorDiscovered(t *testing.T) {
	cfg := offline("")
	cfg.Vantages = 2
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	now, hash := time.Now(), ID{}
	for i, v := range e.vantages.list {
		// The target is in the asker's half of the bucket in which it has that vantage of ours, and in no other.
		asker := v.ID()
		hash = asker
		for id, flip := range map[*ID]byte{&hash: 0x30, &asker: 0x28} {
			id[4] ^= flip
		}
		e.observer.observe(node.Event{Kind: node.Requested, At: now, Vantage: i, Hash: hash, From: wire.Contact{ID: asker, Addr: addrPort("192.0.2.7:1")}})
		if r, _ := e.ledger.Row(hash, now); r.Maintenance != 1 {
			t.Errorf("vantage %d: %+v", i, r)
		}
		events, _ := e.EventsAfter(nil, 0, 10)
		if len(events) != i+1 || events[i].Kind != Requested || !events[i].Maintenance {
			t.Errorf("events %+v", events)
		}
	}
	if s := e.Snapshot(); len(s.Hashes.Top) != 0 || s.Hashes.Seen != 0 || s.Hashes.Requests != 0 || s.Hashes.Maintenance != 2 {
		t.Errorf("%+v", s.Hashes)
	}
	if f := finding(e.Snapshot(), "requests"); f.Verdict != doctor.OK {
		t.Errorf("the doctor says %+v", f)
	}
	e.observer.observe(node.Event{Kind: node.Announced, At: now, Hash: hash, From: wire.Contact{Addr: addrPort("192.0.2.7:1")}, Peer: addrPort("192.0.2.7:2")})
	if got := e.ledger.Totals(); got.Hashes != 1 || got.Requests != 1 || got.Maintenance != 1 {
		t.Errorf("after an announce %+v", got)
	}
}
