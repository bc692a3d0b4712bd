package ui

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// sampled is a scene whose first two hashes were asked for, and the other five only sampled.
func sampled() *dhtcore.Snapshot {
	s := scene("aa", "bb", "cc", "dd", "ee", "0f", "1f")
	for i := range s.Hashes.Top {
		h := &s.Hashes.Top[i]
		if h.Sources = 1; i >= 2 {
			h.Requests, h.Sources, h.Samples = 0, 0, 3
		}
	}
	return s
}

func TestHashesThatNobodyAskedForAreOneLineThatOpens(t *testing.T) {
	play(t, func(s *stage) {
		s.show(sampled())
		s.keys("2")
		s.sees("▸ 5 more were only sampled  enter lists them")
		s.ranks("aa", "bb")
		s.keys("G")
		s.sees("▌ ▸ 5 more")
		s.keys("l")
		s.sees("this line stands for several hashes: enter lists them")
		s.keys("enter")
		s.sees("▌ ▾ 5 more were only sampled  enter folds them")
		s.ranks("aa", "bb", "cc", "dd", "ee", "0f", "1f")
		s.keys("j", "l")
		if len(s.started) != 1 || s.started[0] != hash("cc") {
			t.Fatalf("looked up %v", s.started)
		}
		s.keys("2", "k", "enter")
		s.sees("▌ ▸ 5 more")
		s.ranks("aa", "bb")
	})
}

func TestTheFoldIsOnlyWhereTheListSaysHowMuchHashesAreAskedFor(t *testing.T) {
	play(t, func(s *stage) {
		s.show(sampled())
		s.keys("2", "r") // those that nobody asked for are the point now
		s.seesNot("more were")
		s.ranks("cc", "dd", "ee", "0f", "1f", "bb", "aa")
		s.keys("r", ">") // raw: nobody has any
		s.seesNot("more were")
		s.keys(">", ">") // sources
		s.sees("sorted by sources", "▸ 5 more were only sampled")
		s.keys(">") // announces
		s.seesNot("more were")
		s.keys("<", "<", "<", "<", "/")
		s.typed("name")
		s.keys("enter")
		s.sees("7 of 7")
		s.seesNot("more were")
		s.keys("esc")
		s.sees("▸ 5 more were only sampled")
		s.show(scene("aa", "bb"))
		s.seesNot("more were")
		announced := sampled()
		announced.Hashes.Top[6].Announces = 1
		s.show(announced)
		s.sees("▸ 5 more were not asked for")
	})
}

func TestTheFoldKeepsTheCursorAndWhatIsFollowed(t *testing.T) {
	play(t, func(s *stage) {
		s.show(sampled())
		s.keys("2", "G", "F")
		s.sees("◆ ▸ 5 more")
		more := sampled()
		more.Hashes.Top[2].Requests = 7
		s.show(more)
		s.sees("◆ ▸ 4 more")
		s.keys("F", "enter", "j", "j")
		s.sees("▌   5")
		asked := sampled() // the selected hash is asked for now: it leaves the fold
		asked.Hashes.Top[2].Requests, asked.Hashes.Top[4].Requests = 7, 5
		s.show(asked)
		s.sees("▌   4", "▾ 3 more")
		if h := s.m.state.Hash(s.m.snap); h == nil || h.InfoHash != hash("ee") {
			t.Errorf("%v is selected", h)
		}
	})
}

func TestAClickOpensTheFold(t *testing.T) {
	play(t, func(s *stage) {
		s.show(sampled())
		click := func(text string) {
			for y, line := range strings.Split(s.screen(), "\n") {
				if strings.Contains(line, text) {
					s.send(tea.MouseMsg{Action: tea.MouseActionPress, Button: tea.MouseButtonLeft, X: 6, Y: y})
					return
				}
			}
			t.Fatalf("%q is not on the screen:\n%s", text, s.screen())
		}
		click("5 more were")
		s.sees("▾ 5 more")
		click("5 more were")
		s.sees("▸ 5 more")
	})
}

func TestAnExportHasWhatTheFoldShows(t *testing.T) {
	play(t, func(s *stage) {
		t.Chdir(t.TempDir())
		s.show(sampled())
		for i, want := range []int{2, 7} {
			s.keys("2", "e")
			s.sees(fmt.Sprintf("%d hashes: csv", want))
			s.keys("enter", "enter")
			files, err := os.ReadDir(".")
			if err != nil || len(files) != i+1 {
				t.Fatal(files, err)
			}
			time.Sleep(time.Second) // the next file has another name
			s.keys("G", "enter")
		}
	})
}

func TestNewsOpenHashesThatAreFolded(t *testing.T) {
	play(t, func(s *stage) {
		s.show(sampled())
		if !s.m.state.ShowHash(s.m.snap, hash("ee")) {
			t.Fatal("it is not listed")
		}
		if h := s.m.state.Hash(s.m.snap); h == nil || h.InfoHash != hash("ee") {
			t.Errorf("%v is selected", h)
		}
	})
}

func TestTheTopStaysSelectedWhenTheOrderIsReversed(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "r")
		s.sees("▌   1  cccccccc…")
		s.keys("j", "r")
		s.sees("▌   2  bbbbbbbb…")
		s.keys("g", "F", "r")
		s.sees("◆   3  aaaaaaaa…")
	})
}

func TestTheTrackersPaneIsPassedOverWhileNoneRuns(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("7")
		s.sees("no tracker runs")
		s.keys("6", "tab")
		if p := s.m.state.Pane; p == screen.TrackerPane || p == screen.CrawlPane {
			t.Errorf("tab goes to %v", p)
		}
	})
}
