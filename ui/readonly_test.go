package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

const whyReadOnly = "attached read-only: pass a token to send commands"

func TestAReadOnlyScreenRefusesEveryCommandWithItsReason(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa"), "d1"))
		s.m.core = Core{Snapshot: s.m.core.Snapshot, ReadOnly: whyReadOnly}.whole() // a command would panic
		commands := 0
		for _, a := range Actions() {
			if a.Command == nil {
				continue
			}
			commands++
			switch pane := "2"; a.Name {
			case "left", "right", "open":
				continue // commands in the lab alone
			case "faster", "slower":
				pane = "6"
				fallthrough
			default:
				s.keys(pane, KeyName(a.Keys[0]))
				s.sees(whyReadOnly)
			}
		}
		if commands < 12 {
			t.Errorf("%d actions are commands", commands)
		}
		if len(s.started)+len(s.told)+len(s.named)+len(s.scraped)+len(s.crawling)+len(s.scaled)+len(s.pinged) > 0 {
			t.Error("a command was given")
		}
	})
}

func TestAReadOnlyScreenOffersNoCommand(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa"), "d1"))
		s.m.core.ReadOnly = whyReadOnly
		s.keys("2", "j")
		if line := s.hintLine(); strings.Contains(line, "look up") || strings.Contains(line, "crawl") {
			t.Errorf("the hints are %q", line)
		}
		s.keys(":")
		s.typed("look up")
		s.sees("not now: " + whyReadOnly)
		s.keys("enter")
		s.sees(whyReadOnly)
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("ab", 20)), Paste: true})
		s.sees(whyReadOnly)
		s.keys("?")
		s.keys("?", "6", "+", "1", "-")
		s.sees("refreshing every")
		if s.m.prompt != nil || len(s.started) > 0 {
			t.Error("what was pasted is looked up")
		}
	})
}

func TestAReadOnlyScreenStillLooks(t *testing.T) {
	play(t, func(s *stage) {
		s.show(crawling())
		s.m.core = Core{Snapshot: s.m.core.Snapshot, ReadOnly: whyReadOnly}.whole()
		s.keys("2", ">", "enter", "5", "6", "enter")
		s.sees("only the node itself knows the parts of a cell, as they are now")
		s.show(crawling())
	})
}
