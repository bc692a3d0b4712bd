package doctor

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/snapshot"
)

func TestTheWeatherHasAWordAndASentence(t *testing.T) {
	risky := func(levels ...lookup.RiskLevel) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) {
			for _, l := range levels {
				s.Lookups = append(s.Lookups, lookup.State{Done: true, Round: lookup.Round{Asked: 9}, Started: s.At.Add(-time.Minute), Risk: lookup.Risk{Level: l}})
			}
		}
	}
	for _, c := range []struct {
		name string
		make func(s *snapshot.Snapshot)
		want Weather
		says string
	}{
		{"all is well", func(*snapshot.Snapshot) {}, Calm, "nothing stands out"},
		{"it joins", func(s *snapshot.Snapshot) { s.Phase = snapshot.Joining }, NoWeather, "has not joined"},
		{"half of the lookups are at risk", risky(lookup.HighRisk, lookup.HighRisk, lookup.LowRisk, lookup.LowRisk), Poisoned, "2 of the last 4"},
		{"one is", risky(lookup.HighRisk, lookup.LowRisk, lookup.LowRisk), Calm, ""},
		{"two lookups say too little", risky(lookup.HighRisk, lookup.HighRisk), Calm, ""},
		{"they were long ago", func(s *snapshot.Snapshot) {
			risky(lookup.HighRisk, lookup.HighRisk, lookup.HighRisk)(s)
			s.At = s.At.Add(time.Hour)
		}, Calm, ""},
		{"nobody reaches it", func(s *snapshot.Snapshot) { s.Traffic.Methods = node.Stats{}.Methods }, Deaf, "in 1 h"},
		{"it is young", func(s *snapshot.Snapshot) {
			s.Traffic.Methods, s.Started = node.Stats{}.Methods, s.At.Add(-time.Minute)
		}, Calm, ""},
		{"it is read-only", func(s *snapshot.Snapshot) {
			s.Traffic.Methods, s.Nodes[0].Mode = node.Stats{}.Methods, node.ModeReadOnly
		}, Calm, ""},
		{"a filter is on the way", func(s *snapshot.Snapshot) { s.Outage = snapshot.FilteredOutage(0.004, s.At) }, Deaf, "0.4 %"},
		{"a crawl uses the budget", func(s *snapshot.Snapshot) { s.Traffic.Used.Packets = 149 }, Busy, "149 of 150"},
		{"somebody floods", func(s *snapshot.Snapshot) { s.Traffic.Blocked = make([]netip.AddrPort, 1) }, Busy, "1 source floods this node"},
		{"the buffer is full", func(s *snapshot.Snapshot) { s.Traffic.KernelDrops = 50 }, Busy, "drops packets"},
		{"much comes in", func(s *snapshot.Snapshot) { s.Traffic.InRate = 900 }, Busy, "900 packets/s"},
		{"nothing comes in", func(s *snapshot.Snapshot) { s.Traffic.History = make([]float64, 60) }, Quiet, "0 packets came in within 1 m"},
		{"a little comes in", func(s *snapshot.Snapshot) { s.Traffic.History = append(make([]float64, 59), 30) }, Calm, ""},
		{"it has hardly begun", func(s *snapshot.Snapshot) { s.Traffic.History = make([]float64, 9) }, Calm, ""},
		{"poison goes before a flood", func(s *snapshot.Snapshot) {
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
