package ui

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore"
)

// withTracker is a Snapshot with a tracker of three swarms, the last of which is of no hash of the ranking.
func withTracker() *dhtcore.Snapshot {
	s := scene("aa", "bb", "cc")
	s.Tracker = new(dhtcore.Tracker)
	s.Tracker.Swarms = 3
	s.Tracker.Ranking.At = s.At
	for i, digits := range []string{"bb", "aa", "ee"} {
		s.Tracker.Ranking.Rows = append(s.Tracker.Ranking.Rows, dhtcore.SwarmRow{Rank: i + 1, InfoHash: hash(digits), Name: "name of " + digits, Seeders: 9 - i, Leechers: i})
	}
	return s
}

func TestASwarmOfTheTrackerOpensItsHash(t *testing.T) {
	play(t, func(s *stage) {
		s.show(withTracker())
		s.keys("7")
		s.sees("swarms ──", "by seeders ▾")
		s.keys("j", "enter")
		s.sees(" hash "+hash("aa").String(), "#1 by requests")
		s.keys("esc")
		s.sees("swarms ──")
		s.keys("j", "enter")
		s.sees(" hash "+hash("ee").String(), "not in the ranking")
		if s.seen != hash("ee") {
			t.Errorf("it watches %v", s.seen)
		}
		s.keys("l")
		if !slices.Equal(s.started, []dhtcore.ID{hash("ee")}) {
			t.Errorf("it looks up %v", s.started)
		}
		s.keys("esc")
		s.sees("swarms ──")
		s.keys("2", "enter")
		s.sees(" hash " + hash("aa").String())
	})
}

func TestTheKeysActOnTheSelectedSwarm(t *testing.T) {
	play(t, func(s *stage) {
		s.show(withTracker())
		s.keys("7", "j", "j", "l", "T")
		want := []dhtcore.ID{hash("ee")}
		if !slices.Equal(s.started, want) || !slices.Equal(s.scraped, want) {
			t.Errorf("looked up %v, scraped %v", s.started, s.scraped)
		}
	})
}

func TestTheOrderOfTheSwarmsIsAskedForWhileTheirPaneIsOpen(t *testing.T) {
	play(t, func(s *stage) {
		s.show(withTracker())
		s.keys("7", ">")
		s.sees("by leechers ▾", "sorted by leechers", "▌   1  eeeeeeee…")
		s.keys("r", "1")
		var want []dhtcore.SwarmQuery
		for _, o := range []dhtcore.SwarmOrder{{Column: dhtcore.SwarmsByLeechers}, {Column: dhtcore.SwarmsByLeechers, Ascending: true}, {}} {
			want = append(want, dhtcore.SwarmQuery{SwarmOrder: o})
		}
		if !slices.Equal(s.rankedSwarms, want) {
			t.Errorf("%v, want %v", s.rankedSwarms, want)
		}
	})
}

func TestTheSwarmsAreFiltered(t *testing.T) {
	play(t, func(s *stage) {
		s.show(withTracker())
		s.keys("7", "/")
		s.typed("leechers>0 name:ee")
		s.keys("enter")
		s.sees("filter leechers>0 name:ee  1 of 3", "eeeeeeee…")
		s.keys("/")
		s.typed(" seeders>100")
		s.keys("enter")
		s.sees("No swarm passes the filter")
	})
}

func TestTheSwarmsAndTheFiguresOfTheTrackerAreExported(t *testing.T) {
	play(t, func(s *stage) {
		s.show(withTracker())
		s.keys("7")
		if got := s.exported("csv"); !strings.HasPrefix(got, "rank,info_hash,name,seeders,") || strings.Count(got, "\n") != 4 {
			t.Errorf("wrote %q", got)
		}
		s.keys("z")
		if got := s.exported("json"); !strings.Contains(got, `"swarms": 3`) && !strings.Contains(got, `"swarms":3`) {
			t.Errorf("wrote %q", got)
		}
		s.keys("enter")
		s.sees("the list is hidden: esc shows it")
	})
}

func TestTheCountersOfTheTrackerAreReset(t *testing.T) {
	play(t, func(s *stage) {
		snap := withTracker()
		snap.Tracker.HTTP = netip.MustParseAddrPort("192.0.2.7:6969")
		snap.Tracker.AnnouncesHTTP, snap.Tracker.RefusedHTTP[2] = 1000, 70
		snap.Tracker.Clients = []dhtcore.TrackerClient{{Name: "µTorrent", Announces: 900}, {Name: "qBittorrent", Announces: 100}}
		s.show(snap)
		s.keys("7")
		s.sees("announces                          1,000", "µTorrent 90 %")
		s.keys("ctrl+r")
		later := withTracker()
		*later.Tracker = *snap.Tracker
		later.Revision, later.Tracker.AnnouncesHTTP = 2, 1012
		later.Tracker.Clients = []dhtcore.TrackerClient{{Name: "µTorrent", Announces: 903}, {Name: "qBittorrent", Announces: 109}}
		s.show(later)
		s.sees("announces                             12", "refused                                0", "qBittorrent 75 %")
		s.keys("ctrl+r")
		s.sees("announces                          1,012")
	})
}
