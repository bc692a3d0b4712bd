package dhtcore

import (
	"testing"
)

func TestARunningExplorerTakesOverOtherSettings(t *testing.T) {
	cfg := offline(t.TempDir())
	cfg.Vantages, cfg.Limits, cfg.MaxHashes = 2, Limits{Packets: 100, InboundPerSource: 7}, 5000
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	e.ScaleLimits(2)
	want := Limits{Packets: 40, Bytes: 1000, Inbound: 8, InboundBytes: 600, InboundPerSource: 3}
	e.SetLimits(want)
	if now := e.Snapshot().Traffic.Limits; now != want {
		t.Errorf("the limits are %+v", now)
	}
	if now := e.ScaleLimits(2); now.Packets != 80 {
		t.Errorf("twice the new limits are %+v", now)
	}
	e.SetMaxHashes(6000)
	e.SetKeep(Keep{Bytes: 123456789})
	e.SetNames(7)
	eventually(t, e, "the new bound", func(s *Snapshot) bool { return s.Bounds.MaxHashes == 6000 })
	if e.store.keep.Load().Bytes != 123456789 || e.names.Hottest.Load() != 7 {
		t.Error("the store or the names have kept the old setting")
	}
	if err := e.LoadMMDB([]string{"reload_test.go"}); err == nil {
		t.Error("a file that is no database is taken")
	}
	if err := e.LoadTrackerLists(t.Context(), "nowhere", ""); err != nil {
		t.Errorf("without a tracker: %v", err)
	}
	e.TuneTracker(&TrackerConfig{})
}
