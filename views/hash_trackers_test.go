package views

import (
	"errors"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// fixtureTrackers is a Snapshot of a hash whose trackers are being asked: two have answered, one refuses, one is silent.
func fixtureTrackers() *dhtcore.Snapshot {
	s := fixtureHash()
	v := dhtcore.TrackerView{Asked: noon.Add(-9 * time.Second), Running: true}
	v.Known = []string{"udp://tracker.example:6969/announce", "https://me:pass@t.example/a-secret-key/announce",
		"http://gone.example/announce", "udp://9.9.9.9:80"}
	for i, name := range v.Known[:3] {
		v.Results = append(v.Results, dhtcore.ScrapeResult{Tracker: name, RTT: time.Duration(31*i+4) * time.Millisecond,
			Swarms: []dhtcore.ScrapeSwarm{{Known: true, Seeders: int64(70 + i), Leechers: 204, Completed: dhtcore.UnknownCount + int64(1234*i)}}})
	}
	gone := &v.Results[2]
	gone.Swarms, gone.RTT, gone.Err = nil, 0, errors.New("the tracker says: "+hostile[1])
	s.Trackers = map[dhtcore.ID]dhtcore.TrackerView{s.Detail.InfoHash: v}
	return s
}

func TestTheTrackersOfAHashStandBesideTheDHT(t *testing.T) {
	s, st := fixtureTrackers(), hashState(screen.State{Lists: at(3), Zoom: true}, theme.New("mono"))
	for _, w := range []int{40, 80, 120, 200} {
		frame := strings.Join(Hashes(s, st, w, 200), "\n")
		for _, want := range []string{"trackers", "the DHT", "61", "udp://tracker.examp", "204", "https://t.example", "http://gone.example", "the tracker", "udp://9.9.9.9:80"} {
			if !strings.Contains(frame, want) {
				t.Errorf("no %q in %d cells:\n%s", want, w, frame)
			}
		}
		if strings.Contains(frame, "secret") || strings.Contains(frame, "pass") {
			t.Errorf("what is secret in a URL is shown in %d cells", w)
		}
	}
	st.Masked = true
	if frame := strings.Join(Hashes(s, st, 120, 200), "\n"); strings.Contains(frame, "9.9.9.9") {
		t.Error("the masked screen shows the address of a tracker")
	}
	s.Trackers[s.Detail.InfoHash] = dhtcore.TrackerView{Known: s.Trackers[s.Detail.InfoHash].Known}
	if frame := strings.Join(Hashes(s, st, 120, 200), "\n"); !strings.Contains(frame, "T asks 4 trackers") {
		t.Errorf("nothing says how to ask the trackers:\n%s", frame)
	}
}

func TestALookupHasTheCountsOfTheTrackersBesideItsOwn(t *testing.T) {
	s := fixtureTrackers()
	st := hashState(screen.State{Pane: screen.LookupsPane, Zoom: true}, theme.New("mono"))
	frame := strings.Join(Lookups(s, st, 160, 50), "\n")
	if !strings.Contains(frame, "2 of 4 answered, up to 71 seeders") {
		t.Error(frame)
	}
	st.FullDetails = true
	frame = strings.Join(Lookups(s, st, 120, 60), "\n")
	if !strings.Contains(frame, "udp://tracker.example:6969: 70 seeders, 204 leechers, – completed, in 4.0 ms") || !strings.Contains(frame, "http://gone.example: the tracker says") {
		t.Error(frame)
	}
}

// fixtureOwnTracker is a Snapshot of a hash that this node's own tracker has as well.
func fixtureOwnTracker() *dhtcore.Snapshot {
	s := fixtureHash()
	s.Tracker = trackerWithSwarms()
	s.Detail.OurTracker = &dhtcore.TrackerCounts{Seeds: 40, Leechers: 120, Completed: 17}
	return s
}

func TestTheDifferenceBetweenTheDHTAndATrackerIsExplained(t *testing.T) {
	const none = -1
	for _, c := range []struct {
		seeds, leechers, found, ours, scraped int
		looked                                bool
		says                                  string
	}{
		{60, 290, 200, 160, none, true, "More announce it in the DHT than to this node's tracker"},
		{60, 290, 200, 340, none, true, "Both count about the same: most clients announce to the DHT and to this node's tracker."},
		{60, 290, 200, 900, none, true, "More announce it to this node's tracker than in the DHT"},
		{60, 290, 200, 0, none, true, "Nobody announces it to this node's tracker"},
		{60, 290, 200, 12, 340, true, "Both count about the same: most clients announce to the DHT and to the trackers."},
		{0, 0, 0, 160, none, true, "Its peers announce to this node's tracker and not to the DHT"},
		{0, 0, 0, 160, none, false, "l looks it up"},
		{0, 0, 0, 0, none, true, "Neither the DHT nor a tracker has a peer of it now."},
		{0, 0, 150, 160, none, true, "Both count about the same"},
		{60, 290, 200, none, none, true, "A tracker counts who announces to it"},
	} {
		s, st := fixtureHash(), hashState(screen.State{Lists: at(3), Zoom: true}, theme.New("mono"))
		s.Detail.Row.Seeds, s.Detail.Row.PeersEstimate, s.Detail.Swarm.Known = c.seeds, c.leechers, c.found
		if c.ours != none {
			s.Detail.OurTracker = &dhtcore.TrackerCounts{Leechers: c.ours}
		}
		v := dhtcore.TrackerView{Asked: noon, Known: []string{"udp://tracker.example:6969"}}
		if c.scraped != none {
			v.Results = []dhtcore.ScrapeResult{{Tracker: v.Known[0], Swarms: []dhtcore.ScrapeSwarm{{Known: true, Leechers: int64(c.scraped)}}}}
		}
		s.Trackers = map[dhtcore.ID]dhtcore.TrackerView{s.Detail.InfoHash: v}
		if !c.looked {
			s.Lookups = nil
		}
		if frame := strings.Join(Hashes(s, st, 400, 200), "\n"); !strings.Contains(frame, c.says) {
			t.Errorf("%+v: %q is not in\n%s", c, c.says, frame)
		}
	}
}
