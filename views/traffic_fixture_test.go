package views

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// fixtureQueries is how much of everything there is of a method.
func fixtureQueries(m int) uint64 { return uint64(1<<(3*m)) / uint64(m+1) }

// fixtureRTTs are the round trips of every method. They take longer than all the rest, and are values.
var fixtureRTTs = sync.OnceValue(func() (all [wire.Methods]node.RTTHistogram) {
	r := rand.New(rand.NewPCG(5, 6))
	for m := range all {
		for range min(fixtureQueries(m), 2000) {
			all[m].See(time.Duration(math.Exp(4.5+r.NormFloat64()/2) * float64(time.Millisecond)))
		}
	}
	return all
})

// fixtureTraffic is what is counted, with something in every column.
func fixtureTraffic(s *dhtcore.Snapshot) {
	t := &s.Traffic
	t.PacketsIn, t.PacketsOut, t.BytesIn, t.BytesOut = 1_204_118, 988_120, 214_000_000, 160_000_000
	t.Flooded, t.Unsolicited, t.Refused, t.OverBudget = 12, 4_821, 90_210, 3
	for m := range t.Methods {
		n := fixtureQueries(m)
		t.Methods[m] = dhtcore.MethodStats{In: n * 9, RepliesOut: n * 8, ErrorsOut: n, Out: n * 10, RepliesIn: n * 6, ErrorsIn: n / 8, TimedOut: n * 3}
		d := &t.Details[m]
		d.QueryBytesIn, d.AnswerBytesOut, d.QueryBytesOut, d.AnswerBytesIn, d.Unanswered = n*900, n*2900, n*980, n*1900, n/9
		d.RefusedIn[2], d.RefusedIn[3], d.RefusedOut[2] = n/9, n/100, n
		d.RTT = fixtureRTTs()[m]
	}
	s.Tally.At = noon
	c := &s.Tally.Clients
	c.Askers, c.Repliers, c.AskerEach, c.ReplierEach = 18_204, 2_114, 4, 1
	for i, name := range []string{"libtorrent", "µTorrent", dhtcore.NoClient, "Transmission", "x?", dhtcore.OtherClients} {
		row := dhtcore.ClientRow{Name: name, Askers: 9_000 / (i*i + 1), Repliers: 1_100 / (i + 1)}
		for v, version := range []string{"2.0.8", "1.2.11", ""} {
			row.Versions = append(row.Versions, dhtcore.ClientVersion{Version: version, Askers: row.Askers / (v + 2), Repliers: row.Repliers / (v + 2)})
		}
		c.Rows = append(c.Rows, row)
	}
	n := &s.Tally.Networks
	n.Nodes, n.Askers, n.Placed = [2]int{412, 96}, [2]int{14_000, 4_204}, true
	for k, prefix := range []string{"91.201.0.0/16", "91.201.41.0/24", "2001:db8::/32", "2001:db8:7::/48"} {
		n.Distinct[k] = 931 * (k + 1)
		p := netip.MustParsePrefix(prefix)
		for i := range 30 {
			n.By[k] = append(n.By[k], dhtcore.NetworkRow{Prefix: p, Nodes: 40 / (i + 1), Askers: 900 / (i + 1),
				Place: dhtcore.Place{Country: "DE", Name: "Germany", ASN: 24940, Org: "Hetzner\x1b[2J Online \u202eGmbH"}})
		}
	}
	s.Tally.Kept = fixtureKept()
	for i := range 400 {
		sample := dhtcore.HistorySample{At: noon.Add(time.Duration(i-399) * time.Minute)}
		for f := range sample.Values {
			sample.Values[f] = float32(float64(f*f*f+1) * (2 + math.Sin(float64(i*(f+1))/40)))
		}
		sample.Values[8] = float32(math.NaN())
		s.History.Samples = append(s.History.Samples, sample)
	}
	s.History.Marks = []dhtcore.Mark{{At: noon.Add(-200 * time.Minute), Text: "the system clock jumped\x1b[2J", N: 1},
		{At: noon.Add(-15 * time.Minute), Text: "a flooding source is blocked", N: 12}}
}

func fixtureKept() (k dhtcore.Kept) {
	p, i := &k.Swarms, &k.Items
	p.Swarms, p.Peers, p.Seeds, p.Bytes, p.OverShare, p.Full = 2_140, [2]int{8_120, 310}, 2_004, 412_000, 31, 2
	p.Expiring, p.MaxSwarms, p.MaxPeers = [4]int{210, 1_204, 4_300, 8_430}, 100_000, 1_000_000
	i.Items, i.Mutable, i.Bytes, i.MaxItems, i.Expiring = 120, 31, 81_000, 20_000, [4]int{1, 4, 30, 61}
	return k
}
