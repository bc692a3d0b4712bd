package ui

import (
	"errors"
	"slices"
	"testing"

	"dhtop/dhtcore"
)

func TestTheTrackersOfTheSelectedHashAreAsked(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "T")
		s.sees("asking 3 trackers of aaaaaaaa…")
		s.keys("j", "T")
		if !slices.Equal(s.scraped, []dhtcore.ID{hash("aa"), hash("bb")}) {
			t.Errorf("scraped %v", s.scraped)
		}
	})
}

func TestAHashWithoutTrackersSaysHowToNameSome(t *testing.T) {
	play(t, func(s *stage) {
		s.refuse = errors.New("no tracker of this hash is known: press L")
		s.keys("2", "T")
		s.sees("! no tracker of this hash is known: press L")
		s.keys("3", "T")
		s.sees("this pane lists nodes")
	})
}
