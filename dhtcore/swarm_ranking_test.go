package dhtcore

import (
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/tracker"
)

func TestASnapshotCarriesTheSwarmsOfTheTrackerInTheOrderThatWasAskedFor(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
	hash := ID{1, 2, 3}
	announceTo(t, e)
	e.ledger.See(ledger.Sampled, hash, netip.AddrPort{}, 0, time.Now())
	e.ledger.Name(hash, "a name")
	byRate := SwarmQuery{SwarmOrder: SwarmOrder{Column: SwarmsByRate, Ascending: true}}
	v, other := e.NewViewer(), e.NewViewer()
	defer v.Close()
	v.RankSwarmsBy(byRate)
	if err := v.WatchHash(hash); err != nil {
		t.Fatal(err)
	}
	eventually(t, e, "ranking by rate", func(*Snapshot) bool {
		s := v.Snapshot()
		return s.Tracker.Ranking.SwarmQuery == byRate && len(s.Tracker.Ranking.Rows) == 1 && s.Detail != nil
	})
	s := v.Snapshot()
	if o := other.Snapshot().Tracker.Ranking.SwarmOrder; o != (SwarmOrder{}) {
		t.Errorf("another Viewer sees the order %+v", o)
	}
	row := s.Tracker.Ranking.Rows[0]
	if row.Rank != 1 || row.InfoHash != hash || row.Name != "a name" || row.Seeders != 1 || row.Leechers != 0 || row.Rate <= 0 {
		t.Errorf("%+v", row)
	}
	if totals := s.Tracker.Ranking.Totals; totals != (SwarmTotals{Seeders: 1}) {
		t.Errorf("%+v", totals)
	}
	if c := s.Tracker.Clients; len(c) != 1 || c[0].Announces != 1 {
		t.Errorf("clients: %+v", c)
	}
	if c := s.Detail.OurTracker; c == nil || c.Seeds != 1 {
		t.Errorf("in the detail: %+v", c)
	}
	if s.Tracker.Keeps || !s.Tracker.Saved.IsZero() {
		t.Errorf("without a data directory: %v, %v", s.Tracker.Keeps, s.Tracker.Saved)
	}
	if top := e.TopSwarms(SwarmQuery{}, 10); len(top.Rows) != 1 || top.Rows[0].InfoHash != hash {
		t.Errorf("top: %+v", top)
	}
}

func TestASnapshotSaysWhenTheSwarmsWereSaved(t *testing.T) {
	dir := t.TempDir()
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, DataDir: dir, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
	if s := e.Snapshot().Tracker; !s.Keeps || !s.Saved.IsZero() {
		t.Errorf("before: %v, %v", s.Keeps, s.Saved)
	}
	if err := e.trackerSaver.Save(); err != nil {
		t.Fatal(err)
	}
	s := eventually(t, e, "save", func(s *Snapshot) bool { return !s.Tracker.Saved.IsZero() })
	if age := s.At.Sub(s.Tracker.Saved); age.Minutes() > 5 || age.Minutes() < -5 {
		t.Errorf("%s was saved %v ago", filepath.Join(dir, tracker.SavedName), age)
	}
}

func TestWithoutATrackerNoSwarmIsRanked(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}})
	v := e.NewViewer()
	v.RankSwarmsBy(SwarmQuery{SwarmOrder: SwarmOrder{Column: SwarmsByRate}})
	if err := v.WatchHash(ID{1}); err != nil {
		t.Fatal(err)
	}
	if top := e.TopSwarms(SwarmQuery{}, 10); len(top.Rows) != 0 {
		t.Errorf("%+v", top)
	}
	if s := v.Snapshot(); s.Tracker != nil || s.Detail.OurTracker != nil {
		t.Errorf("%+v, %+v", s.Tracker, s.Detail)
	}
}

func TestAFilterOfSwarmsIsAskedOfAllOfThem(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
	hash := ID{1, 2, 3}
	announceTo(t, e)
	e.ledger.See(ledger.Sampled, hash, netip.AddrPort{}, 0, time.Now())
	e.ledger.Name(hash, "a name")
	v := e.NewViewer()
	defer v.Close()
	for text, passed := range map[string]int{"name:name seeders>0": 1, "leechers>0": 0, "rate>0.1": 1} {
		f, err := TrackerColumns.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		q := SwarmQuery{Filter: f}
		if top := e.TopSwarms(q, 0); top.Passed != passed || len(top.Rows) != 0 {
			t.Errorf("%s: %+v", text, top)
		}
		v.RankSwarmsBy(q)
		eventually(t, e, "ranking of "+text, func(*Snapshot) bool {
			r := v.Snapshot().Tracker.Ranking
			return r.Filter == f && r.Passed == passed && len(r.Rows) == passed
		})
	}
}
