package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"dhtop/views/screen"
)

// clicks presses the left button on the first cell of the first text on the screen that reads so.
func (s *stage) clicks(text string) {
	s.Helper()
	s.clicksAt(text, 0)
}

// clicksAfter presses it on the cell that is by x after the text.
func (s *stage) clicksAfter(text string, x int) {
	s.Helper()
	s.clicksAt(text, ansi.StringWidth(text)+x)
}

func (s *stage) clicksAt(text string, x int) {
	s.Helper()
	for y, line := range strings.Split(s.screen(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			s.send(tea.MouseMsg{X: ansi.StringWidth(before) + x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
			return
		}
	}
	s.Fatalf("%q is not on the screen:\n%s", text, s.screen())
}

func TestAClickSelectsARowAndOpensTheSelectedOne(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addLookup(scene("aa", "bb", "cc"), "d1"))
		s.clicks("name of cc")
		s.sees("▌   3  name of cc")
		s.clicks("name of bb")
		s.sees("▌   2  name of bb")
		s.clicks("name of bb")
		s.sees("hash " + strings.Repeat("bb", 20)) // as enter does
		s.keys("1")
		s.clicks("d1d1d1d1…")
		if s.m.state.Pane != screen.LookupsPane {
			t.Errorf("a click on a lookup led to %v", s.m.state.Pane)
		}
	})
}

func TestAClickOnAPaneGoesThere(t *testing.T) {
	play(t, func(s *stage) {
		s.clicks("┌ routing table")
		s.sees(" routing table ──", "libtorrent 2.0.8")
		s.keys("1")
		s.clicks("No lookups yet")
		if s.m.state.Pane != screen.LookupsPane {
			t.Errorf("a click on the lookups led to %v", s.m.state.Pane)
		}
		s.keys("1")
		s.clicks("┌ now")
		if s.m.state.Pane != screen.LogPane {
			t.Errorf("a click on the log led to %v", s.m.state.Pane)
		}
	})
}

func TestAClickOnAHeaderSortsAndASecondReverses(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2")
		s.clicks("first")
		s.sees("sorted by ", "first▾")
		s.clicks("first▾")
		s.sees("first▴")
	})
}

func TestTheWheelMoves(t *testing.T) {
	play(t, func(s *stage) {
		s.show(scene("a1", "a2", "a3", "a4", "a5", "a6"))
		s.send(tea.MouseMsg{Button: tea.MouseButtonWheelDown, Action: tea.MouseActionPress})
		s.sees("▌   4  name of a4")
		s.send(tea.MouseMsg{Button: tea.MouseButtonWheelUp, Action: tea.MouseActionPress})
		s.sees("▌   1  name of a1")
	})
}

func TestAClickInTheKeyspaceSelectsACellAndASecondOpensIt(t *testing.T) {
	play(t, func(s *stage) {
		s.show(crawling())
		s.keys("6")
		s.clicksAfter("40 nodes    ", 2)
		s.sees("\n 42  66 nodes")
		s.clicksAfter("40 nodes    ", 2)
		s.sees("crawl of 42", "4200  0 nodes")
		s.keys("esc")
		s.clicksAfter("c0 nodes    ", 63)
		s.sees("\n ff  255 nodes")
		s.seesNot("crawl of")
	})
}

func TestAClickWhereCellsShareAPlaceKeepsTheSelectedOne(t *testing.T) {
	play(t, func(s *stage) {
		s.show(crawling())
		s.send(tea.WindowSizeMsg{Width: 40, Height: 10})
		s.keys("6")
		s.clicksAfter(" 80 ", 3) // four cells at a place
		s.sees("\n 8c  140 nodes")
		s.keys("right", "right")
		s.clicksAfter(" 80 ", 3)
		s.sees("crawl of 8e")
	})
}

func TestTheWheelMovesInTheKeyspaceByRows(t *testing.T) {
	play(t, func(s *stage) {
		s.show(crawling())
		s.keys("6", "right")
		s.screen()
		s.send(tea.MouseMsg{Button: tea.MouseButtonWheelDown, Action: tea.MouseActionPress})
		s.sees("\n 41  65 nodes")
		s.send(tea.MouseMsg{Button: tea.MouseButtonWheelUp, Action: tea.MouseActionPress})
		s.sees("\n 01  1 node ")
	})
}

func TestTheMouseCanBeLeftToTheTerminal(t *testing.T) {
	play(t, func(s *stage) {
		_, cmd := s.m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("m")})
		s.sees("mouse capture is off, the terminal selects text; m turns it on")
		if !asks(cmd, tea.DisableMouse()) {
			t.Error("the capture was not switched off")
		}
		_, cmd = s.m.Update(tea.ResumeMsg{})
		if asks(cmd, tea.EnableMouseCellMotion()) {
			t.Error("a resume took the mouse back")
		}
		_, cmd = s.m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("m")})
		if !asks(cmd, tea.EnableMouseCellMotion()) {
			t.Error("the capture was not switched on")
		}
		_, cmd = s.m.Update(tea.ResumeMsg{})
		if !asks(cmd, tea.EnableMouseCellMotion()) || !asks(cmd, tea.ClearScreen()) {
			t.Error("a resume does not draw anew, with the mouse")
		}
	})
}

// asks reports whether a command, or one of a batch, ends at once with a message.
func asks(cmd tea.Cmd, want tea.Msg) bool {
	if cmd == nil {
		return false
	}
	msg := make(chan tea.Msg, 1)
	go func() { msg <- cmd() }()
	synctest.Wait()
	select {
	case got := <-msg:
		if batch, ok := got.(tea.BatchMsg); ok {
			for _, c := range batch {
				if asks(c, want) {
					return true
				}
			}
			return false
		}
		return got == want
	default: // a tick
		return false
	}
}
