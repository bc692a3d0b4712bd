package dhtcore

import (
	"strings"
	"testing"
	"time"
)

var noonUTC = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// healthy is a Snapshot of a node with which all is well.
func healthy() *Snapshot {
	s := &Snapshot{At: noonUTC, Started: noonUTC.Add(-time.Hour), Phase: Serving}
	s.Nodes = []Vantage{{Good: 120, Questionable: 30, Mode: ModeServing}}
	s.Traffic.QueriesOut, s.Traffic.RepliesIn, s.Traffic.PacketsIn, s.Traffic.PacketsOut = 1000, 500, 5000, 5000
	s.Traffic.TimedOut = 500
	s.Traffic.Methods[GetPeers].In = 300
	s.Traffic.Limits.Packets, s.Traffic.Used.Packets = 150, 60
	s.Hashes.Requests, s.Hashes.Seen = 300, 200
	return s
}

func TestDiagnoseFindsWhatIsWrongAndKnowsARemedy(t *testing.T) {
	for _, f := range Diagnose(healthy()) {
		if f.Verdict != VerdictOK || f.Remedy != "" || f.Text == "" {
			t.Errorf("a healthy node: %+v", f)
		}
	}
	for _, c := range []struct {
		name    string
		harm    func(s *Snapshot)
		finding string
		want    Verdict
		text    string
		remedy  string
	}{
		{"nobody answers", func(s *Snapshot) { s.Traffic.RepliesIn = 0 }, "network", VerdictFail, "no node replies", "lets UDP out"},
		{"it has just begun", func(s *Snapshot) { s.Traffic.RepliesIn, s.Started = 0, noonUTC.Add(-time.Second) }, "network", VerdictWaiting, "joining", ""},
		{"nobody to ask", func(s *Snapshot) { s.Traffic.Stats = NodeStats{} }, "network", VerdictWaiting, "no bootstrap nodes", "--bootstrap"},
		{"most are silent", func(s *Snapshot) { s.Traffic.TimedOut = 900 }, "network", VerdictFail, "90 %", "--rate"},
		{"no DNS", func(s *Snapshot) {
			s.Phase, s.Outage = Offline, Outage{Kind: NoDNS, Text: "cannot resolve", Remedy: "check DNS"}
		}, "network", VerdictFail, "no network: cannot resolve", "check DNS"},
		{"no network and no nodes", func(s *Snapshot) {
			s.Phase, s.Outage, s.Started, s.Nodes = Offline, Outage{Kind: NoRoute}, s.At, []Vantage{{}}
		}, "table", VerdictFail, "0 good", "see network"},
		{"a port without a network", func(s *Snapshot) { s.Phase, s.Outage = Offline, Outage{Kind: NoRoute} }, "port", VerdictWaiting, "without a network", "see network"},
		{"nothing passed yet", func(s *Snapshot) { s.Traffic.Stats = NodeStats{} }, "loss", VerdictWaiting, "no packet", ""},
		{"it resolves the hosts", func(s *Snapshot) { s.Traffic.Stats, s.Phase = NodeStats{}, Joining }, "network", VerdictWaiting, "bootstrap hosts", ""},
		{"a filter on the way", func(s *Snapshot) { s.Traffic.TimedOut, s.Traffic.RepliesIn = 992, 8 }, "network", VerdictFail, "0.8 %", "VPN"},
		{"a filter of the last minutes", func(s *Snapshot) { s.Outage = filtered(0.004, s.At) }, "network", VerdictFail, "0.4 %", "VPN"},
		{"an empty table", func(s *Snapshot) { s.Nodes[0].Good, s.Nodes[0].Questionable = 0, 0 }, "table", VerdictFail, "0 good", "see network"},
		{"a small table", func(s *Snapshot) { s.Nodes[0].Good, s.Nodes[0].Questionable = 9, 0 }, "table", VerdictWaiting, "9 good", "miss peers"},
		{"a closed port", func(s *Snapshot) { s.Traffic.Methods = NodeStats{}.Methods }, "port", VerdictFail, "in 1 h", "forward the port"},
		{"a young port", func(s *Snapshot) {
			s.Traffic.Methods, s.Started = NodeStats{}.Methods, noonUTC.Add(-5*time.Minute)
		}, "port", VerdictWaiting, "twenty minutes", ""},
		{"read-only", func(s *Snapshot) { s.Nodes[0].Mode = ModeReadOnly }, "port", VerdictWaiting, "read-only", "omit"},
		{"no requests", func(s *Snapshot) { s.Hashes.Requests = 0 }, "requests", VerdictFail, "none in 1 h", "see port"},
		{"a full socket buffer", func(s *Snapshot) { s.Traffic.KernelDrops = 50 }, "loss", VerdictFail, "50 of 5,000 packets lost", "rmem_max"},
		{"a firewall", func(s *Snapshot) { s.Traffic.SendFailed = 500 }, "loss", VerdictFail, "refused to send", "firewall"},
		{"no budget left", func(s *Snapshot) { s.Traffic.Used.Packets = 149 }, "budget", VerdictWaiting, "149 of 150", "--rate"},
		{"odd packets", func(s *Snapshot) { s.Traffic.LeftOut = 1200 }, "loss", VerdictOK, "; 1,200 odd fields of others' packets not used", ""},
		{"forged askers", func(s *Snapshot) { s.Traffic.Shortened = 1 }, "budget", VerdictOK, "; 1 reply cut short: the asker's address", ""},
		{"a flood of puts", func(s *Snapshot) { s.Traffic.Unchecked = 7 }, "budget", VerdictOK, "; 7 puts dropped: too many signatures", ""},
		{"memory with a limit", func(s *Snapshot) { s.Bounds = Bounds{Hashes: 300, MaxHashes: 5000} }, "memory", VerdictOK, "300 hashes of at most 5,000", ""},
		{"memory without a limit", func(s *Snapshot) { s.Bounds = Bounds{Hashes: 1} }, "memory", VerdictOK, "1 hash, without a limit: see --max-hashes", ""},
		{"a full store", func(s *Snapshot) {
			s.Bounds = Bounds{Stored: true, StoreBytes: 2e9, Keep: Keep{Bytes: 2e9, Age: 30 * 24 * time.Hour}, Deleted: 1200}
		}, "store", VerdictOK, "of at most 2.0 GB, kept for 30 d; deleted 1,200 cold hashes", ""},
		{"a store without a limit", func(s *Snapshot) { s.Bounds = Bounds{Stored: true, StoreBytes: 5e6} }, "store", VerdictOK, "without a limit: see --keep", ""},
	} {
		s := healthy()
		c.harm(s)
		for _, f := range Diagnose(s) {
			if f.Name == c.finding && (f.Verdict != c.want || !strings.Contains(f.Text, c.text) || !strings.Contains(f.Remedy, c.remedy)) {
				t.Errorf("%s: %+v, want %s, %q, %q", c.name, f, c.want, c.text, c.remedy)
			}
		}
	}
}
