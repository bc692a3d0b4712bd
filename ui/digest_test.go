package ui

import (
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// lostSeeds is the next picture, with an alert that fired a moment ago.
func (s *stage) lostSeeds() {
	next := *s.snap
	next.Revision++
	next.At = time.Now()
	fired := dhtcore.Alert{Seq: 1, Kind: dhtcore.LastSeed, Target: hash("bb"), Name: "a film", Since: next.At, Fired: next.At, Text: "a film lost its last seed."}
	next.Watch = &dhtcore.Watch{Entries: 40, Rows: []*dhtcore.WatchRow{{Entry: dhtcore.WatchEntry{Target: hash("cc"), Label: "a book"}},
		{Entry: dhtcore.WatchEntry{Target: hash("bb"), Label: "a film"}, Alerts: []dhtcore.Alert{fired}}}, Alerts: []dhtcore.Alert{fired}}
	next.Watch.Firing[dhtcore.LastSeed] = 1
	s.show(&next)
}

func TestTheFirstKeyAfterAWhileTellsWhatHappened(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("j")
		time.Sleep(30 * time.Minute)
		s.lostSeeds()
		s.keys("j")
		s.seesNot("while you were away")
		time.Sleep(6 * time.Hour)
		s.keys("j")
		s.seesNot("while you were away") // nothing happened
		time.Sleep(6 * time.Hour)
		s.lostSeeds()
		s.keys("j")
		s.sees("while you were away, 6 h", "▌ a film lost its last seed")
		s.keys("esc")
		s.seesNot("while you were away")
		time.Sleep(6 * time.Hour)
		s.lostSeeds()
		s.keys("j", "enter")
		if r := s.m.state.WatchedRow(s.m.snap); s.m.state.Pane != screen.WatchPane || r == nil || r.Target != hash("bb") {
			t.Errorf("the line leads to pane %s", s.m.state.Pane)
		}
	})
}

func TestWhatIsWatchedIsPinnedOnTheOverview(t *testing.T) {
	play(t, func(s *stage) {
		s.seesNot("a book")
		s.lostSeeds()
		s.keys("1")
		s.sees("watch", "no seeds", "a film lost its last seed.", "1 alert")
	})
}

func TestWhoAttachesIsToldWhatHappenedLately(t *testing.T) {
	play(t, func(s *stage) {
		next := *s.snap
		next.Started = time.Now().Add(-5 * time.Hour)
		s.snap = &next
		s.attached()
		time.Sleep(badToastFor)
		s.lostSeeds()
		s.sees("in the last 5 h", "▌ a film lost its last seed")
		s.keys("esc")
		s.lostSeeds()
		s.seesNot("in the last")
	})
}
