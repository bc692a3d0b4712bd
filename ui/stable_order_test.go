package ui

import (
	"slices"
	"testing"
	"time"

	"dhtop/ui/transform"
)

func TestRanksSettleLazily(t *testing.T) {
	play(t, func(s *stage) {
		shown := func() (order []string) {
			for _, h := range s.m.snap.Hashes.Top {
				order = append(order, h.Name[len("name of "):])
			}
			return order
		}
		time.Sleep(transform.ReorderEvery)
		s.show(scene("aa", "bb", "cc"))
		time.Sleep(transform.ReorderEvery / 2)
		s.show(scene("cc", "dd", "aa")) // the numbers are new at once, the order is not
		if got := shown(); !slices.Equal(got, []string{"aa", "cc", "dd"}) {
			t.Errorf("the order is %v", got)
		}
		s.sees("▌   1  name of aa                                 98", "    2▲ name of cc                                100")
		time.Sleep(transform.ReorderEvery / 2)
		s.show(scene("cc", "dd", "aa"))
		if got := shown(); !slices.Equal(got, []string{"cc", "dd", "aa"}) {
			t.Errorf("the order is %v after a while", got)
		}
	})
}

func TestAFrozenPictureDoesNotSettle(t *testing.T) {
	play(t, func(s *stage) {
		s.show(scene("cc", "bb", "aa"))
		s.keys("space")
		time.Sleep(2 * transform.ReorderEvery)
		s.keys("P")
		if first := s.m.snap.Hashes.Top[0].InfoHash; first != hash("aa") {
			t.Errorf("%v is on top now", first)
		}
	})
}
