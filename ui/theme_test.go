package ui

import (
	"slices"
	"testing"

	"dhtop/views/theme"
)

func TestTGoesThroughTheThemes(t *testing.T) {
	play(t, func(s *stage) {
		s.m.state.Theme = theme.New("dark").WithASCII()
		var seen []string
		for range theme.Names() {
			s.keys("t")
			seen = append(seen, s.m.state.Theme.Name)
			if !s.m.state.Theme.ASCII {
				t.Error("lost ASCII")
			}
		}
		s.sees("theme dark: --theme dark keeps it")
		slices.Sort(seen)
		if names := theme.Names(); len(slices.Compact(seen)) != len(names) {
			t.Errorf("went through %v", seen)
		}
	})
}

func TestASplashIsShownUntilTheSizeIsKnown(t *testing.T) {
	play(t, func(s *stage) {
		m := newModel(s.Context(), s.m.core, Config{Theme: theme.New("mono")}, nil)
		if got := m.View(); got != splash {
			t.Errorf("shows %q", got)
		}
	})
}
