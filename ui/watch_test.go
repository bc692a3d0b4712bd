package ui

import (
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

func TestWPutsTheSelectedHashOnTheWatchListAndTakesItOff(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "j", "W")
		if len(s.watching) != 1 || s.watching[0].Target != hash("bb") {
			t.Fatalf("W has put %v on the list", s.watching)
		}
		s.sees("watched: name of bb")

		next := *s.snap
		next.Revision++
		next.Watch = &dhtcore.Watch{Entries: 1, Rows: []*dhtcore.WatchRow{{Entry: dhtcore.WatchEntry{Target: hash("bb"), Label: "a film"}}}}
		s.show(&next)
		s.keys("W")
		if len(s.unwatched) != 1 || s.unwatched[0] != hash("bb") {
			t.Fatalf("W has taken %v off the list", s.unwatched)
		}
		s.keys("8")
		s.sees("a film", "waiting", "W unwatch")
		s.keys("enter")
		if s.m.state.Pane != screen.HashesPane {
			t.Errorf("enter leads to pane %s", s.m.state.Pane)
		}
	})
}

func TestWSaysWhyAHashIsNotWatched(t *testing.T) {
	play(t, func(s *stage) {
		s.refuse = errRefused
		s.keys("2", "W")
		s.sees(errRefused.Error())
		s.keys("3", "W")
		s.sees("this pane lists nodes")
	})
}

func TestAnAlertOfTheLogLeadsToWhatIsWatched(t *testing.T) {
	play(t, func(s *stage) {
		next := *s.snap
		next.Revision++
		next.Watch = &dhtcore.Watch{Entries: 2, Rows: []*dhtcore.WatchRow{{Entry: dhtcore.WatchEntry{Target: hash("aa")}}, {Entry: dhtcore.WatchEntry{Target: hash("bb"), Label: "a film"}}}}
		next.Events = []dhtcore.Event{{Seq: 1, Kind: dhtcore.Alerted, At: next.At, Hash: hash("bb"), Rule: "last_seed", Text: "a film has lost its last seed"}}
		next.Quiet = next.Events
		s.show(&next)
		s.keys("E", "enter")
		if r := s.m.state.WatchedRow(s.m.snap); s.m.state.Pane != screen.WatchPane || r == nil || r.Target != hash("bb") {
			t.Errorf("it leads to pane %s, %v", s.m.state.Pane, r)
		}
	})
}

func TestAnAlertThatHasJustFiredRingsTheBell(t *testing.T) {
	play(t, func(s *stage) {
		alert := func(seq uint64, at time.Time) {
			next := *s.snap
			next.Revision++
			next.At = time.Now()
			next.Warnings = []dhtcore.Event{{Seq: seq, Kind: dhtcore.Alerted, N: 1, At: at, Hash: hash("bb"), Text: "a film lost its last seed."}}
			s.show(&next)
		}
		alert(1, time.Now().Add(-time.Hour))
		if s.term.String() != "" {
			t.Error("an alert of an hour ago rings")
		}
		alert(2, time.Now())
		alert(2, time.Now())
		if got := s.term.String(); got != "\a" {
			t.Errorf("the terminal was sent %q", got)
		}
	})
}
