package ui

import (
	"strings"
	"testing"
)

// hintLine is the bottom line of the screen.
func (s *stage) hintLine() string {
	lines := strings.Split(s.screen(), "\n")
	return lines[len(lines)-1]
}

func TestTheHintLineShowsWhatCanBeDone(t *testing.T) {
	play(t, func(s *stage) {
		for _, c := range []struct{ keys, with, without string }{
			{"1", "l look up", ""},
			{"3", "/ filter", "look up"},
			{"6", "c crawl", "look up"},
			{"?", "? help", "c crawl"}, // the help lies over what it would act on
			{"D", "space freeze", "e export"},
		} {
			s.keys(c.keys)
			if line := s.hintLine(); !strings.Contains(line, c.with) || c.without != "" && strings.Contains(line, c.without) {
				t.Errorf("after %s: %q, want %q in it and not %q", c.keys, line, c.with, c.without)
			}
		}
	})
}
