package views

import (
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/tracker"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

func trackerLook(change func(*screen.State)) func(*theme.Theme) *screen.State {
	return func(th *theme.Theme) *screen.State {
		st := fixtureState(th)
		st.Pane = screen.TrackerPane
		st.Lists[screen.SwarmList].Row = 2
		if change != nil {
			change(st)
		}
		return st
	}
}

// nobodyAnnounced is a tracker of the first second.
func nobodyAnnounced() *dhtcore.Snapshot {
	s := fixture()
	t := trackerWithSwarms()
	s.Tracker = &dhtcore.Tracker{HTTP: t.HTTP, UDP: t.UDP}
	s.Tracker.Ranking.At = noon
	s.Tracker.MaxRate, s.Tracker.Interval, s.Tracker.MinInterval, s.Tracker.MaxInterval = t.MaxRate, t.MinInterval, t.MinInterval, t.MaxInterval
	return s
}

// unnamedSwarms are swarms of a tracker whose names nobody knows.
func unnamedSwarms() *dhtcore.Snapshot {
	s := fixtureTracker()
	for i := range s.Tracker.Ranking.Rows {
		s.Tracker.Ranking.Rows[i].Name = ""
	}
	return s
}

func TestTheTrackerLooksAsInTheGoldensInEveryStyle(t *testing.T) {
	compareScenes(t, "tracker", []scene{
		{"running", fixtureTracker, trackerLook(nil)},
		{"running_zoomed", fixtureTracker, trackerLook(func(st *screen.State) { st.Zoom = true })},
		{"by_rate", fixtureTracker, trackerLook(func(st *screen.State) {
			st.Orders[screen.SwarmList] = screen.Order{By: int(dhtcore.SwarmsByRate), Reverse: true}
		})},
		{"unnamed", unnamedSwarms, trackerLook(nil)},
		{"masked", fixtureTracker, trackerLook(func(st *screen.State) { st.Masked, st.Zoom = true, true })},
		{"begun", nobodyAnnounced, trackerLook(nil)},
	})
}

func TestTheMaskedTrackerShowsNoAddress(t *testing.T) {
	for _, zoom := range []bool{false, true} {
		st := trackerLook(func(st *screen.State) { st.Masked, st.Zoom = true, zoom })(theme.New("mono"))
		lines, _ := Frame(fixtureTracker(), st, 200, 60)
		all := strings.Join(lines, "\n")
		for _, hidden := range []string{"203.0.113.7", "198.51.100.23", "2001:db8::7", "2001:db8:7:7"} {
			if strings.Contains(all, hidden) {
				t.Errorf("zoom %v: it shows %s\n%s", zoom, hidden, all)
			}
		}
	}
}

func TestTheListIsSortedAtOnceWhenAnotherOrderIsChosen(t *testing.T) {
	s := fixtureTracker()
	st := trackerLook(func(st *screen.State) { st.Orders[screen.SwarmList].By = int(dhtcore.SwarmsByLeechers) })(theme.New("mono"))
	st.Orders[screen.SwarmList].Reverse = true
	rows := st.Swarms(s)
	if first, last := rows[0], rows[len(rows)-1]; first.Leechers != 15 || last.Leechers != 900 || first.Rank != 1 {
		t.Errorf("%+v ... %+v", first, last)
	}
	if again := s.Tracker.Ranking.Rows[0]; again.Leechers != 900 {
		t.Errorf("the Snapshot has changed: %+v", again)
	}
}

func TestAFilterLeavesTheSwarmsThatPass(t *testing.T) {
	for text, want := range map[string]int{"seeders>0 leechers>100": 8, "name:debian": 7, "partial>0": 7, "peers>4000": 1, "rate>100": 2, "completed<1000": 20, "hash:zz": 0} {
		f, err := screen.SwarmList.Context().Filter.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		s, st := fixtureTracker(), trackerLook(nil)(theme.New("mono"))
		before := s.Tracker
		f.Sift(st, s)
		if n := len(s.Tracker.Ranking.Rows); n != want || len(before.Ranking.Rows) != 60 {
			t.Errorf("%s: %d swarms, want %d; %d before", text, n, want, len(before.Ranking.Rows))
		}
	}
}

func TestTheBridgeIsShownWhereItIsOn(t *testing.T) {
	s := fixtureTracker()
	look := func() string {
		lines, _ := Frame(s, trackerLook(nil)(theme.New("mono")), 200, 60)
		return strings.Join(lines, "\n")
	}
	if all := look(); strings.Contains(all, "bridge") || strings.Contains(all, " dht ") {
		t.Errorf("it is off:\n%s", all)
	}
	s.Tracker.Bridge = &tracker.BridgeStats{Swarms: 2, Peers: 77, Lookups: 31, Told: 4_210}
	s.Tracker.Ranking.Rows[1].Bridged = 76
	all := look()
	for _, want := range []string{"bridge", "77 peers of the DHT in 2 swarms,", "31 lookups, 4,210 told to clients", "  dht "} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing:\n%s", want, all)
		}
	}
}
