package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
)

func TestThePaletteDoesAnActionByItsName(t *testing.T) {
	play(t, func(s *stage) {
		s.keys(":")
		s.sees(": ▏", "▌ enter         open", "the name of an action")
		s.typed("look up")
		s.sees("▌ l             look up           look up the selected hash", "  L             look up a hash")
		s.keys("down", "enter")
		s.sees("look up ▏", "40 or 64 hex or 32 base32 digits")
		s.keys("esc", ":", "up", "down", "down", "up")
		s.typed("hash fetch")
		s.keys("enter")
		s.sees("its name is known: name of aa")
		s.keys(":")
		s.typed("announce")
		s.sees("▌ a             announce          not now: announcing needs a lookup first")
		s.keys("enter")
		s.sees("announcing needs a lookup first: l starts one, 4 shows it")
		s.keys(":")
		s.typed("dance")
		s.keys("enter")
		s.sees(`! no action matches "dance"`)
		s.keys("esc")
		s.seesNot("dance")
	})
}

func TestThePaletteHasEveryAction(t *testing.T) {
	for _, a := range Actions() {
		play(t, func(s *stage) {
			s.show(doneLookup(scene("aa"), "d1"))
			found := s.m.keymap.search(s.m, a.Name)
			if len(found) == 0 || found[0].Name != a.Name && found[0].Name[:len(a.Name)] != a.Name {
				t.Errorf("%q leads to %v", a.Name, found)
			}
			s.keys(":")
			s.typed(a.Name)
			s.keys("enter")
			if s.m.prompt != nil && s.m.prompt.label == ":" && a.Name != "palette" {
				t.Errorf("%q was not done", a.Name)
			}
		})
	}
}

func TestThePaletteSaysWhyAlsoWhereItIsNarrow(t *testing.T) {
	play(t, func(s *stage) {
		s.send(tea.WindowSizeMsg{Width: 60, Height: 12})
		s.keys(":")
		s.typed("ping")
		s.sees("\n not now: only nodes can be pinged: 3 shows them")
	})
}

func TestHelpTellsWhyAnActionCannotBeDone(t *testing.T) {
	play(t, func(s *stage) {
		s.show(new(dhtcore.Snapshot))
		s.keys("?")
		s.sees("help: overview")
		s.keys("ctrl+d", "ctrl+d")
		s.seesNot("one down")
		s.sees("look up the selected hash – no hashes", "open the selected row – no hashes seen")
	})
}
