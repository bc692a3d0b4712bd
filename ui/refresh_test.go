package ui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
)

func TestPaceFollowsAttention(t *testing.T) {
	play(t, func(s *stage) {
		expect := func(when string, want time.Duration) {
			t.Helper()
			if got := s.m.timer.interval(time.Now()); got != want {
				t.Errorf("%s: a tick every %v, want %v", when, got, want)
			}
		}
		expect("untouched", idleInterval)
		s.keys("j")
		expect("after a key", activeInterval)
		time.Sleep(activeFor)
		expect("five seconds later", idleInterval)
		s.send(tea.BlurMsg{})
		expect("out of focus", awayInterval)
		s.send(tea.FocusMsg{})
		s.keys("space")
		expect("frozen", awayInterval)
	})
}

func TestOnlyThePendingTickCounts(t *testing.T) {
	play(t, func(s *stage) {
		s.send(tea.BlurMsg{})
		s.send(tickMsg(s.m.timer.tick)) // the next one is a second off
		slow := s.m.timer.tick
		s.keys("j") // makes it sooner
		if s.m.timer.tick == slow {
			s.send(tea.FocusMsg{})
		}
		taken := s.taken
		s.send(tickMsg(slow))
		if s.taken != taken {
			t.Error("a stale tick took a Snapshot")
		}
		s.keys("j", "j", "j")
		if now := s.m.timer.tick; now != slow+1 {
			t.Errorf("%d ticks were started for a burst of keys", now-slow)
		}
	})
}

func TestTickEndsWithTheProgram(t *testing.T) {
	m := newModel(t.Context(), Core{Snapshot: func() *dhtcore.Snapshot { return nil }}, Config{}, nil)
	done := make(chan struct{})
	m.timer.done = done
	cmd := m.timer.schedule(time.Now().Add(time.Hour))
	close(done)
	if msg := cmd(); msg != nil {
		t.Errorf("got %v after the end", msg)
	}
}

func TestViewIsMadeOnlyWhenSomethingChanged(t *testing.T) {
	play(t, func(s *stage) {
		s.screen()
		before := s.m.frame.changes
		s.show(s.snap) // the same Snapshot
		s.screen()
		if s.m.frame.changes != before {
			t.Error("drew the same Snapshot again")
		}
		if n := testing.AllocsPerRun(100, func() { s.m.View() }); n != 0 {
			t.Errorf("an unchanged View costs %v allocations", n)
		}
		s.show(scene("dd"))
		s.sees("name of dd")
	})
}
