package tracker

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// fill announces swarms of up to five seeders and leechers each, and returns what they have.
func fill(tr *Tracker, swarms int, now time.Time) (all []peers.Swarm) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range swarms {
		s := peers.Swarm{Hash: wire.ID{byte(i), byte(i >> 8), 7}}
		seeders, n := r.IntN(6), 1+r.IntN(10)
		for peer := range n {
			q := Request{Hash: s.Hash, Source: netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, byte(i >> 8), byte(i), byte(peer)}), 7), Left: 1}
			s.Leechers++
			if peer < seeders {
				q.Left, q.Event = 0, Completed
				s.Leechers--
				s.Seeds++
				s.Completed++
			}
			tr.announce(&q, new(peers.Selection), now)
		}
		all = append(all, s)
	}
	return all
}

func TestTopReturnsTheFirstSwarmsOfEveryOrder(t *testing.T) {
	tr, now := mustOpen(t), time.Now()
	all := fill(tr, 700, now)
	want := Totals{}
	for i := range all {
		want.Seeders += all[i].Seeds
		want.Leechers += all[i].Leechers
		if all[i].Seeds == 0 {
			want.Unseeded++
		}
	}
	for c := range Columns {
		for _, ascending := range []bool{false, true} {
			o := Order{c, ascending}
			tops, totals := tr.Top(50, now.Add(time.Minute), Want{Order: Order{ByPeers, true}}, Want{Order: o})
			top := tops[1].Swarms
			if len(top) != 50 || totals != want {
				t.Fatalf("%v: %d swarms, %+v, want %+v", o, len(top), totals, want)
			}
			if c == ByRate {
				for i := range all { // all have announced at the same time
					all[i].Rate = float64(all[i].Seeds + all[i].Leechers)
				}
			}
			slices.SortFunc(all, func(a, b peers.Swarm) int { return o.compare(&a, &b) })
			for i := range top {
				if top[i].Hash != all[i].Hash || top[i].Counts != all[i].Counts {
					t.Fatalf("%v: row %d is %+v, want %+v", o, i, top[i], all[i])
				}
			}
		}
	}
}

func TestTopOfFewSwarmsIsAllOfThem(t *testing.T) {
	tr, now := mustOpen(t), time.Now()
	if tops, totals := tr.Top(50, now, Want{}); len(tops) != 1 || len(tops[0].Swarms) != 0 || totals != (Totals{}) {
		t.Errorf("of none: %v, %+v", tops, totals)
	}
	fill(tr, 3, now)
	if tops, _ := tr.Top(50, now, Want{}); len(tops[0].Swarms) != 3 {
		t.Errorf("%v", tops)
	}
}

func TestSwarmsWithoutPeersAreOnlyRankedByWhatWasCompleted(t *testing.T) {
	tr, now := mustOpen(t), time.Now()
	q := Request{Hash: wire.ID{1}, Source: netip.MustParseAddrPort("9.1.1.1:7"), Event: Completed}
	tr.announce(&q, new(peers.Selection), now)
	q.Event = Stopped
	tr.announce(&q, new(peers.Selection), now)
	fill(tr, 3, now)
	tops, totals := tr.Top(50, now, Want{}, Want{Order: Order{Column: ByCompleted}}, Want{Order: Order{Ascending: true}})
	if tops[0].Passed != 3 || len(tops[1].Swarms) != 4 || tops[2].Passed != 3 || totals.Unseeded > 3 {
		t.Errorf("%d by seeders, %d by completed, %d by the fewest seeders, %+v", tops[0].Passed, len(tops[1].Swarms), tops[2].Passed, totals)
	}
}

func TestOnlySwarmsThatPassAreFound(t *testing.T) {
	tr, now := mustOpen(t), time.Now()
	want := 0
	for _, s := range fill(tr, 700, now) {
		if s.Seeds == 0 {
			want++
		}
	}
	tops, totals := tr.Top(20, now, Want{Passes: func(s *peers.Swarm) bool { return s.Seeds == 0 }}, Want{})
	if tops[0].Passed != want || tops[0].Passed != totals.Unseeded || len(tops[0].Swarms) != 20 || tops[0].Swarms[0].Seeds != 0 || tops[1].Passed != 700 {
		t.Errorf("%d of %d passed, %+v first; %+v", tops[0].Passed, want, tops[0].Swarms[0], totals)
	}
}

func TestSortingSwarmsAllocatesNothing(t *testing.T) {
	for c := range Columns {
		f := first{Want: Want{Order: Order{Column: c}}, n: 100}
		for i := range 200 {
			f.swarms = append(f.swarms, peers.Swarm{Hash: wire.ID{byte(i)}, Counts: peers.Counts{Seeds: i % 7, Leechers: i % 5}})
		}
		if n := testing.AllocsPerRun(10, f.sort); n > 0 {
			t.Errorf("by %s: %v allocations", c, n)
		}
	}
}
