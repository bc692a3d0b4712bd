package ui

import (
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

func TestTheLookupsAreSortedByEveryColumnThatSaysSo(t *testing.T) {
	play(t, func(s *stage) {
		now, snap := s.snap.At, *s.snap
		snap.Lookups = []dhtcore.LookupState{
			{Target: dhtcore.ID{0xaa}, Method: dhtcore.GetPeers, Done: true, Started: now, Round: dhtcore.Round{Asked: 20, Replied: 1}, ClosestBits: 7, Elapsed: 3 * time.Second},
			{Target: dhtcore.ID{0xbb}, Method: dhtcore.GetPeers, Started: now.Add(-time.Second), Round: dhtcore.Round{Asked: 40, Replied: 1}, ClosestBits: 9, Elapsed: 1 * time.Second},
			{Target: dhtcore.ID{0xcc}, Method: dhtcore.GetPeers, Done: true, Started: now.Add(-time.Minute), Round: dhtcore.Round{Asked: 30, Replied: 1}, ClosestBits: 8, Elapsed: 2 * time.Second},
		}
		s.show(&snap)
		s.keys("4")
		order := func() string {
			var b strings.Builder
			for _, lk := range s.m.snap.Lookups {
				b.WriteByte("abc"[lk.Target[0]>>4-0xa])
			}
			return b.String()
		}
		for _, c := range []struct {
			by   int
			want string
		}{
			{screen.LookupsByStart, "abc"}, {screen.LookupsByTook, "acb"}, {screen.LookupsByAsked, "bca"}, {screen.LookupsByBits, "bca"},
			{screen.LookupsByState, "acb"},
		} {
			s.m.state.SortTo(s.m.snap, screen.LookupList, c.by)
			if c.by == screen.LookupsByStart { // it is the order already: SortTo has turned it
				s.m.state.SortTo(s.m.snap, screen.LookupList, c.by)
			}
			s.m.resort()
			if got := order(); got != c.want {
				t.Errorf("order %d: %s, want %s", c.by, got, c.want)
			}
		}
		s.keys("4", ">") // the next order says its name
		s.sees("sorted by")
	})
}

func TestReversedLookupsKeepTheTopSelected(t *testing.T) {
	play(t, func(s *stage) {
		snap := *s.snap
		snap.Lookups = []dhtcore.LookupState{
			{Target: dhtcore.ID{0xaa}, Method: dhtcore.GetPeers, Started: s.snap.At},
			{Target: dhtcore.ID{0xbb}, Method: dhtcore.GetPeers, Started: s.snap.At.Add(-time.Second)},
		}
		s.show(&snap)
		s.keys("4", "g", "r")
		if lk := s.m.state.Lookup(s.m.snap); lk.Target[0] != 0xbb {
			t.Errorf("%v is selected after r on top, want the new top", lk.Target)
		}
		s.keys("r", "j", "r") // and elsewhere the row stays selected
		if lk := s.m.state.Lookup(s.m.snap); lk.Target[0] != 0xbb || s.m.state.Lists[screen.LookupList].Row != 0 {
			t.Errorf("%v is selected after r below, in row %d", lk.Target, s.m.state.Lists[screen.LookupList].Row)
		}
	})
}
