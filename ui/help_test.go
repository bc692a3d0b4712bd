package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestTheHelpBeginsWithThePaneAndScrollsToItsEnd(t *testing.T) {
	play(t, func(s *stage) {
		for _, size := range []tea.WindowSizeMsg{{Width: 200, Height: 60}, {Width: 120, Height: 30}, {Width: 80, Height: 24}, {Width: 60, Height: 16}, {Width: 40, Height: 8}} {
			s.send(size)
			for pane, about := range map[string]string{"1": "Everything at a glance", "2": "Every info_hash", "4": "A lookup asks", "5": "Every packet this node"} {
				s.keys(pane, "?")
				s.sees(about)
				s.keys("G")
				s.sees("selected, and followed (F)")
				s.keys("g")
				s.sees(about)
				s.keys("esc")
			}
		}
	})
}
