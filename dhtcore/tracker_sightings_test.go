package dhtcore

import (
	"context"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

func TestWhatIsAnnouncedToTheTrackerIsCountedHereAndNotToldToTheDHT(t *testing.T) {
	path := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	e, err := Open(Config{Bind: loopback, Bootstrap: []string{}, Store: path, Names: 10, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	hash := ID{1, 2, 3}
	for range 3 {
		announceTo(t, e)
	}
	s := eventually(t, e, "tracked announces in the ranking", func(s *Snapshot) bool { return s.Hashes.Tracked == 3 && len(s.Hashes.Top) > 0 })
	if top := s.Hashes.Top; len(top) != 1 || top[0].InfoHash != hash || top[0].Tracked != 3 || !top[0].OnlyTracked() {
		t.Errorf("%+v", top)
	}
	n := 0
	for _, ev := range s.Events {
		if ev.Hash == hash {
			n++
			if ev.Kind != Tracked || ev.N != 1 || ev.Addr.Port() != 7 {
				t.Errorf("%+v", ev)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d events of one new peer that announced three times", n)
	}

	stranger, err := Open(Config{Bind: loopback, Bootstrap: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	strangerDone := make(chan error, 1)
	go func() { strangerDone <- stranger.Run(ctx) }()
	for _, q := range []wire.Query{{Method: wire.GetPeers, Target: hash, Scrape: true}, {Method: wire.SampleInfohashes, Target: hash}} {
		ours := e.vantages.list[0]
		r, err := stranger.vantages.list[0].Ask(ctx, wire.Contact{ID: ours.ID(), Addr: ours.Addr()}, q)
		if err != nil || len(r.Peers)+len(r.Samples) != 0 || r.Num != 0 || r.SeedFilter != nil {
			t.Errorf("%v: %+v, %v", q.Method, r, err)
		}
	}
	cancel()
	for range 2 {
		select {
		case err = <-done:
		case err = <-strangerDone:
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	st, err := store.Open(t.Context(), store.Config{URL: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if top, err := store.Top(t.Context(), st, 9); err != nil || len(top) != 1 || top[0].Tracked != 3 {
		t.Errorf("stored: %+v, %v", top, err)
	}
}

func TestABusyTrackerLeavesRoomInTheJournal(t *testing.T) {
	s := &trackerSightings{ledger: ledger.New(), journal: journal.New(journal.DefaultSize)}
	now := time.Unix(1_800_000_000, 0)
	for range 3 {
		for range 5000 {
			s.joined(ID{1}, netip.MustParseAddrPort("192.0.2.1:1"), peers.Counts{Leechers: 1}, now)
		}
		now = now.Add(time.Second)
	}
	if n := s.journal.Seq(); n != 3*maxTrackedEvents {
		t.Errorf("%d events in 3 seconds", n)
	}
}
