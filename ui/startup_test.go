package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// opens has the Model of a stage wait for its core again.
func (s *stage) opens() (c Core) {
	c = s.m.core
	s.m.core, s.m.startup.opener = Core{}, func() (Core, error) { return Core{}, nil }
	return c
}

func TestASplashIsShownUntilTheExplorerIsOpen(t *testing.T) {
	play(t, func(s *stage) {
		c := s.opens()
		s.sees(splash)
		s.keys("j") // nothing is there yet to act on
		s.send(small)
		s.sees(splash)
		s.seesNot("hashes")
		s.send(openedMsg{core: c})
		s.sees("hashes ──", "name of aa")
		if s.quit {
			t.Error("it quit")
		}
	})
}

func TestWhatIsTypedAtTheSplashActsOnceTheExplorerIsOpen(t *testing.T) {
	play(t, func(s *stage) {
		c := s.opens()
		s.keys("L")
		s.typed("urn:btih:" + strings.Repeat("q", 32)) // q is a digit of base32
		s.send(tea.KeyMsg{Type: tea.KeyCtrlJ})         // enter, as a terminal sends it that is not raw yet
		if s.sees(splash); s.quit || len(s.started) > 0 {
			t.Fatalf("quit %v, started %v", s.quit, s.started)
		}
		s.send(openedMsg{core: c})
		if s.sees("looking up"); len(s.started) != 1 {
			t.Errorf("started %v", s.started)
		}
	})
}

func TestAQAfterAPauseLeavesTheSplash(t *testing.T) {
	play(t, func(s *stage) {
		s.opens()
		s.keys("j")
		time.Sleep(typingGap)
		if s.keys("q"); !s.quit {
			t.Error("it does not quit")
		}
	})
}

func TestOnlySoManyKeysAreKeptAtTheSplash(t *testing.T) {
	play(t, func(s *stage) {
		s.opens()
		s.typed(strings.Repeat("j", 2*maxTyped))
		if got := len(s.m.startup.typed); got != maxTyped {
			t.Errorf("%d are kept", got)
		}
	})
}

func TestTheSplashCanBeLeft(t *testing.T) {
	for _, key := range []string{"q", "Q", "ctrl+c"} {
		play(t, func(s *stage) {
			s.opens()
			s.keys(key)
			if !s.quit || s.m.startup.err != nil {
				t.Errorf("%s: quit %v, error %v", key, s.quit, s.m.startup.err)
			}
		})
	}
}

func TestTheSplashSaysHowFarTheOpeningIs(t *testing.T) {
	play(t, func(s *stage) {
		read := "3.9 MB of 12 MB of x.pcapng read"
		s.m.startup.progress = func() string { return read }
		c := s.opens()
		s.send(s.m.startup.tick(nil)())
		s.sees(splash, read)
		read = "4.2 MB of 12 MB of x.pcapng read"
		s.keys("j")
		if s.send(progressMsg{}); s.quit {
			t.Error("it quit")
		}
		s.sees(read)
		if s.m.updateSplash(progressMsg{}, time.Now()) == nil {
			t.Error("it says no more")
		}
		s.send(openedMsg{core: c})
		s.seesNot(read)
	})
}

func TestWhatCannotBeOpenedEndsTheProgram(t *testing.T) {
	play(t, func(s *stage) {
		s.opens()
		refused := errors.New("port 6881 is in use: stop the other program or pass --port 0")
		s.send(openedMsg{err: refused})
		if !s.quit || !errors.Is(s.m.startup.err, refused) {
			t.Errorf("quit %v, error %v", s.quit, s.m.startup.err)
		}
		if !strings.Contains(s.screen(), splash) {
			t.Error("there is more on the screen than there is to know")
		}
	})
}
