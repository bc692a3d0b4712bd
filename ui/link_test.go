package ui

import (
	"errors"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// attached makes the stage's node one of another process. The returned link says how the connection fares.
func (s *stage) attached() *screen.Link {
	link := &screen.Link{Name: "serve, pid 1234", Phase: screen.LinkConnected, Shown: true}
	s.m.core.Link = func() screen.Link { return *link }
	s.show(s.snap)
	s.sees("attached to serve, pid 1234, which goes on when you quit")
	return link
}

func TestALostConnectionShowsTheLastPictureAndThenTheSameSelection(t *testing.T) {
	play(t, func(s *stage) {
		link := s.attached()
		s.keys("2", "j")
		s.show(scene("aa", "bb", "cc"))
		s.sees("attached to serve, pid 1234", "▌   2  bbbbbbbb…  name of bb")
		link.Phase, link.For, link.Why = screen.LinkLost, 4*time.Second, "it does not answer"
		s.show(s.snap)
		s.sees("reconnecting for 4 s", "it does not answer", "▌   2  bbbbbbbb…  name of bb")
		*link = screen.Link{Name: "serve, pid 99", Phase: screen.LinkConnected, Shown: true}
		started := time.Now()
		for _, hashes := range [][]string{{}, {"cc"}, {"cc", "aa"}, {"cc", "aa", "bb"}} { // it has started anew, and learns
			again := scene(hashes...)
			again.Started = started
			s.show(again)
		}
		s.sees("attached to serve, pid 99", "▌   3  bbbbbbbb…  name of bb")
		s.seesNot("reconnecting")
		again := scene("cc", "aa")
		again.Started = started
		s.show(again) // from now on a row that leaves is not awaited
		s.sees("▌   2  aaaaaaaa…  name of aa")
	})
}

func TestWarningsOfANodeThatHasStartedAnewAreShown(t *testing.T) {
	play(t, func(s *stage) {
		s.attached()
		s.keys("2")
		first := scene("aa")
		first.Warnings = []dhtcore.Event{{Seq: 900, Kind: dhtcore.Warning, Text: "the old one"}}
		s.show(first)
		s.sees("the old one")
		s.keys("2")
		again := scene("aa")
		again.Started = again.Started.Add(time.Hour)
		again.Warnings = []dhtcore.Event{{Seq: 3, Kind: dhtcore.Warning, Text: "the new one"}}
		s.show(again)
		s.sees("the new one")
	})
}

func TestAnAttachedScreenSaysWhatItMayNotAndWhatWasRefusedLate(t *testing.T) {
	play(t, func(s *stage) {
		link := s.attached()
		link.ReadOnly = "read-only: commands need the token"
		s.show(scene("aa"))
		s.sees("read-only: commands need the token", "  read-only  ")
		s.keys("2", "l")
		if s.sees("read-only: commands need the token"); len(s.started) > 0 {
			t.Error("a command was given")
		}
		link.ReadOnly, link.Lacks = "", "dhtop 9 there knows more than this one can show: 2 fields"
		s.show(scene("aa"))
		s.sees(link.Lacks)
		late := errors.New("too many lookups run")
		s.m.core.Late = func() (err error) { err, late = late, nil; return err }
		s.keys("l")
		s.show(scene("aa"))
		if s.sees("! too many lookups run"); len(s.started) != 1 {
			t.Errorf("%d lookups were started", len(s.started))
		}
		s.keys(":", "quit")
		s.sees("the node goes on")
	})
}

func TestBeforeTheFirstPictureTheScreenSaysWhyAndQuits(t *testing.T) {
	play(t, func(s *stage) {
		link := s.attached()
		*link = screen.Link{Name: "home", For: 3 * time.Second, Why: "home does not answer: connection refused"}
		s.show(&dhtcore.Snapshot{})
		s.sees("connecting to home for 3 s", "home does not answer: connection refused", "q quits")
		s.seesNot("hashes ─")
		s.keys("2", "j", "enter", "4", "D", "esc", "e", "esc", "3", "v")
		s.screen()
		if s.keys("q"); !s.quit {
			t.Error("q does not quit")
		}
	})
}
