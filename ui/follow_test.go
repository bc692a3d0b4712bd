package ui

import (
	"testing"
	"time"

	"dhtop/ui/transform"
)

func TestFWaitsForTheRowThatWent(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("F")
		s.sees("following the selected row", "◆   1  name of aa")
		time.Sleep(transform.ReorderEvery)
		s.show(scene("bb", "cc", "aa"))
		s.sees("◆   3▼ name of aa")
		time.Sleep(transform.ReorderEvery)
		s.show(scene("bb", "cc"))
		s.seesNot("◆") // what is selected now is not what is followed
		time.Sleep(transform.ReorderEvery)
		s.show(scene("aa", "bb", "cc"))
		s.sees("◆   1  name of aa")
		s.keys("j")
		s.sees("◆   2")
		s.keys("F")
		s.sees("no longer following", "▌   2")
		s.keys("6", "F")
		s.sees("nothing to follow")
	})
}
