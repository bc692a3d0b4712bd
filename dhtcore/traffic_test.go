package dhtcore

import (
	"math"
	"testing"
	"time"

	"dhtop/dhtcore/node"
)

func TestTheUseOfEachLimitIsMeasuredInItsUnits(t *testing.T) {
	var tr trafficMeter
	var s node.Stats
	at := time.Unix(1e9, 0)
	for range 2 * freshSeconds {
		tr.sample(s, at)
		at = at.Add(time.Second)
		s.QueriesOut += 20
		s.StartedBytes += 2000
		s.BytesOut += 9000
		s.NewDestinations += 3
		s.Methods[GetPeers].RepliesOut += 30
		s.ErrorsOut += 10
	}
	if want := (Limits{Packets: 20, Bytes: 2000, New: 3 * freshSeconds, Inbound: 40, InboundBytes: 7000}); tr.traffic(s, &vantages{}, at).Used != want {
		t.Errorf("used %+v, want %+v", tr.traffic(s, &vantages{}, at).Used, want)
	}
}

func TestTheSnapshotTellsTheLimitsOfAllVantagesTogether(t *testing.T) {
	cfg := offline("")
	cfg.Vantages, cfg.Limits = 3, DefaultLimits()
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	got, want := e.Snapshot().Traffic.Limits, cfg.Limits
	for _, f := range [][2]float64{{got.Packets, want.Packets}, {got.Bytes, want.Bytes}, {got.New, want.New},
		{got.Inbound, want.Inbound}, {got.InboundPerSource, want.InboundPerSource}} {
		if math.Abs(f[0]-f[1]) > 1e-6*f[1] {
			t.Errorf("limits %+v, want %+v", got, want)
		}
	}
}
