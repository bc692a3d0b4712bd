package dhtcore

import (
	"slices"
	"testing"
)

func TestTheDemosPeersAnnounceThemselvesToItsTracker(t *testing.T) {
	e := start(t, Config{Demo: &Demo{Nodes: 30, Seed: 3, Tracker: true}})
	s := eventually(t, e, "swarms", func(s *Snapshot) bool {
		k := s.Tracker
		shared := slices.ContainsFunc(k.Ranking.Rows, func(r SwarmRow) bool { _, known := e.HashRow(r.InfoHash); return known }) // with the DHT
		return shared && len(k.Ranking.Rows) >= 30 && k.AnnouncesUDP > 20 && k.AnnouncesHTTP > 5 && len(k.Clients) >= 5
	})
	if s.Tracker.Keeps || !s.Tracker.HTTP.Addr().Unmap().IsLoopback() || !s.Tracker.UDP[0].Addr().IsLoopback() {
		t.Errorf("keeps %v, on %v and %v", s.Tracker.Keeps, s.Tracker.HTTP, s.Tracker.UDP)
	}
	totals := s.Tracker.Ranking.Totals
	if totals.Seeders == 0 || totals.Leechers == 0 {
		t.Errorf("%+v", totals)
	}
}

func TestWithoutBeingAskedADemoHasNoTracker(t *testing.T) {
	e := start(t, Config{Demo: &Demo{Nodes: 5, Seed: 3}})
	if s := e.Snapshot(); s.Tracker != nil {
		t.Errorf("%+v", s.Tracker)
	}
}
