package dhtcore

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/snapshot"
)

func TestTheWeatherHasAWordAndASentence(t *testing.T) {
	risky := func(levels ...lookup.RiskLevel) func(*Snapshot) {
		return func(s *Snapshot) {
			for _, l := range levels {
				s.Lookups = append(s.Lookups, LookupState{Done: true, Round: Round{Asked: 9}, Started: s.At.Add(-time.Minute), Risk: Risk{Level: l}})
			}
		}
	}
	for _, c := range []struct {
		name string
		make func(s *Snapshot)
		want Weather
		says string
	}{
		{"all is well", func(*Snapshot) {}, Calm, "nothing stands out"},
		{"it joins", func(s *Snapshot) { s.Phase = Joining }, NoWeather, "has not joined"},
		{"half of the lookups are at risk", risky(lookup.HighRisk, lookup.HighRisk, lookup.LowRisk, lookup.LowRisk), Poisoned, "2 of the last 4"},
		{"one is", risky(lookup.HighRisk, lookup.LowRisk, lookup.LowRisk), Calm, ""},
		{"two lookups say too little", risky(lookup.HighRisk, lookup.HighRisk), Calm, ""},
		{"they were long ago", func(s *Snapshot) {
			risky(lookup.HighRisk, lookup.HighRisk, lookup.HighRisk)(s)
			s.At = s.At.Add(time.Hour)
		}, Calm, ""},
		{"nobody reaches it", func(s *Snapshot) { s.Traffic.Methods = NodeStats{}.Methods }, Deaf, "in 1 h"},
		{"it is young", func(s *Snapshot) {
			s.Traffic.Methods, s.Started = NodeStats{}.Methods, s.At.Add(-time.Minute)
		}, Calm, ""},
		{"it is read-only", func(s *Snapshot) {
			s.Traffic.Methods, s.Nodes[0].Mode = NodeStats{}.Methods, ModeReadOnly
		}, Calm, ""},
		{"a filter is on the way", func(s *Snapshot) { s.Outage = snapshot.FilteredOutage(0.004, s.At) }, Deaf, "0.4 %"},
		{"a crawl uses the budget", func(s *Snapshot) { s.Traffic.Used.Packets = 149 }, Busy, "149 of 150"},
		{"somebody floods", func(s *Snapshot) { s.Traffic.Blocked = make([]netip.AddrPort, 1) }, Busy, "1 source floods this node"},
		{"the buffer is full", func(s *Snapshot) { s.Traffic.KernelDrops = 50 }, Busy, "drops packets"},
		{"much comes in", func(s *Snapshot) { s.Traffic.InRate = 900 }, Busy, "900 packets/s"},
		{"nothing comes in", func(s *Snapshot) { s.Traffic.History = make([]float64, 60) }, Quiet, "0 packets came in within 1 m"},
		{"a little comes in", func(s *Snapshot) { s.Traffic.History = append(make([]float64, 59), 30) }, Calm, ""},
		{"it has hardly begun", func(s *Snapshot) { s.Traffic.History = make([]float64, 9) }, Calm, ""},
		{"poison goes before a flood", func(s *Snapshot) {
			risky(lookup.HighRisk, lookup.HighRisk, lookup.HighRisk)(s)
			s.Traffic.InRate = 900
		}, Poisoned, ""},
	} {
		s := healthy()
		c.make(s)
		if got, says := WeatherOf(s), ExplainWeather(s); got != c.want || !strings.Contains(says, c.says) {
			t.Errorf("%s: %s, %q; want %s, %q", c.name, got, says, c.want, c.says)
		}
	}
	for w := Calm; w <= Poisoned; w++ {
		if w.String() == "" {
			t.Errorf("weather %d has no word", w)
		}
	}
}
