package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// warn adds a warning, the newest event, to the log of a Snapshot.
func warn(s *dhtcore.Snapshot, seq uint64, text string) *dhtcore.Snapshot {
	s.Events = append(s.Events, dhtcore.Event{Seq: seq, At: s.At, Kind: dhtcore.Warning, Text: text})
	return s
}

func TestAWarningOfTheLogIsToldAndKept(t *testing.T) {
	play(t, func(s *stage) {
		s.show(warn(scene("aa"), 1, "a source floods this node and is blocked"))
		s.sees("a source floods this node and is blocked") // the hint line has made room for it
		s.seesNot("? help")
		time.Sleep(badToastFor + time.Second)
		s.show(scene("aa")) // the log has gone on
		s.sees("? help")
		s.seesNot("floods")
		s.keys("D")
		s.sees("warnings ──", "warning     a source floods this node and is blocked")
	})
}

func TestAWarningWaitsForTheAnswerToAKey(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("c")
		s.show(warn(scene("aa"), 1, "the store is slow"))
		s.sees("the crawl starts", "warning     the store is slow") // in the log, above
		time.Sleep(toastFor + time.Second)
		s.show(scene("aa"))
		s.sees("the store is slow")
	})
}

func TestAWarningIsToldOnce(t *testing.T) {
	play(t, func(s *stage) {
		snap := warn(scene("aa"), 1, "the store is slow")
		s.show(snap)
		time.Sleep(badToastFor + time.Second)
		again := scene("aa")
		again.Events = snap.Events
		s.show(again)
		s.sees("? help")
	})
}

func TestWhatHasBeenToldAlreadyIsNoNews(t *testing.T) {
	play(t, func(s *stage) {
		s.refuse = errRefused
		s.keys("l")
		s.sees("! " + errRefused.Error())
		if len(s.noted) != 1 || s.noted[0] != errRefused.Error() {
			t.Fatalf("the log was told %q", s.noted)
		}
		snap := warn(scene("aa"), 1, errRefused.Error()) // as the core does
		snap.Notice = "the disk is full"
		warn(snap, 2, "the disk is full")
		warn(snap, 3, "no name: nobody has it")
		snap.Events[2].Hash = hash("aa")
		s.show(snap)
		s.keys("j") // takes the error away
		s.show(scene("aa"))
		s.sees("? help")
		s.keys("D")
		s.sees(errRefused.Error(), "the disk is full", "no name: nobody has it")
	})
}

func TestTheDoctorListsTheNewestWarnings(t *testing.T) {
	play(t, func(s *stage) {
		snap := scene("aa")
		for i := range keptWarnings + 5 {
			warn(snap, uint64(i+1), fmt.Sprintf("trouble %d.", i+1))
		}
		s.show(snap)
		s.keys("D")
		screen := s.screen()
		if newest, older := strings.Index(screen, "trouble 25."), strings.Index(screen, "trouble 24."); newest < 0 || older < newest {
			t.Errorf("not the newest first:\n%s", screen)
		}
		if n := len(s.m.state.Warnings); n != keptWarnings {
			t.Errorf("%d warnings are kept", n)
		}
	})
}
