package ui

import (
	"strings"
	"testing"

	"dhtop/ui/terminal"
)

func TestSuspendingGivesTheTerminalToTheShellAndTakesItBack(t *testing.T) {
	play(t, func(s *stage) {
		s.m.stop = func() {
			s.stopped++
			if !strings.HasSuffix(s.term.String(), terminal.LeaveScreen) {
				t.Errorf("the shell finds the terminal after %q", s.term.String())
			}
		}
		s.keys("ctrl+z")
		if s.stopped != 1 {
			t.Errorf("stopped %d times", s.stopped)
		}
		if !strings.HasSuffix(s.term.String(), terminal.EnterScreen) {
			t.Errorf("the terminal is left after %q", s.term.String())
		}
	})
}

func TestWhereNoShellCanResumeItNothingIsSuspended(t *testing.T) {
	play(t, func(s *stage) {
		s.m.stop = nil
		s.term.Reset()
		s.keys("ctrl+z")
		if got := s.term.String(); got != "" {
			t.Errorf("the terminal got %q", got)
		}
	})
}
