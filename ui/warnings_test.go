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
	e := dhtcore.Event{Seq: seq, At: s.At, Kind: dhtcore.Warning, Text: text}
	s.Events, s.Warnings = append(s.Events, e), append(s.Warnings, e)
	return s
}

func TestAWarningOfTheLogIsToldAndKept(t *testing.T) {
	play(t, func(s *stage) {
		s.show(warn(scene("aa"), 1, "a source floods this node and is blocked"))
		s.sees("a source floods this node and is blocked") // the hint line has made room for it
		s.seesNot("? help")
		time.Sleep(badToastFor + time.Second)
		later := scene("aa") // the log has gone on
		later.Warnings = s.snap.Warnings
		s.show(later)
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
		s.sees("crawl started", "warning     the store is slow") // in the log, above
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
		again.Warnings = snap.Warnings
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
		snap.Notices = []string{"the disk is full"}
		warn(snap, 2, "the disk is full")
		warn(snap, 3, "no name: nobody has it")
		snap.Warnings[2].Hash = hash("aa")
		s.show(snap)
		s.keys("j") // takes the error away
		s.show(snap)
		s.sees("? help")
		s.keys("D")
		s.sees("the doctor")
		s.keys("j") // to the end of what it says
		s.sees(errRefused.Error(), "the disk is full", "no name: nobody has it")
	})
}

func TestAWarningIsToldThoughTheLogHasGoneOn(t *testing.T) {
	play(t, func(s *stage) {
		snap := warn(scene("aa"), 1, "the store is slow")
		snap.Events = nil // hundreds of other events came before the screen looked
		s.show(snap)
		s.sees("the store is slow")
	})
}

func TestWarningsThatComeTogetherAreCountedInOneToast(t *testing.T) {
	play(t, func(s *stage) {
		s.show(warn(warn(warn(scene("aa"), 1, "trouble 1."), 2, "trouble 2."), 3, "trouble 3."))
		s.sees("trouble 3. (+2 more: D)")
		s.show(warn(scene("aa"), 4, "trouble 4."))
		time.Sleep(badToastFor + time.Second)
		s.show(scene("aa"))
		s.sees("trouble 4.")
		s.seesNot("trouble 4. (+")
	})
}

func TestTheDoctorListsTheNewestWarningFirstAndScrolls(t *testing.T) {
	play(t, func(s *stage) {
		snap := scene("aa")
		for i := range 20 {
			warn(snap, uint64(i+1), fmt.Sprintf("trouble %d.", i+1))
		}
		s.show(snap)
		s.keys("D")
		screen := s.screen()
		if newest, older := strings.Index(screen, "trouble 20."), strings.Index(screen, "trouble 19."); newest < 0 || older < newest {
			t.Errorf("not the newest first:\n%s", screen)
		}
		s.seesNot("trouble 1.")
		s.keys("G")
		s.sees("trouble 1.", "the doctor: ")
		s.seesNot("network ")
		s.keys("esc", "D")
		s.sees("network ") // it opens at its top
	})
}
