package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views"
	"dhtop/views/screen"
)

// How far a notch of the wheel goes: in lists as far as in most programs, in the keyspace a quarter of it at
// most.
const (
	wheelRows  = 3
	wheelCells = 64
)

// mouse handles a click or the wheel.
func (m *Model) mouse(msg tea.MouseMsg, now time.Time) tea.Cmd {
	if m.prompt != nil || msg.Action != tea.MouseActionPress {
		return nil
	}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		m.move(-m.notch())
	case tea.MouseButtonWheelDown:
		m.move(m.notch())
	case tea.MouseButtonLeft:
		m.toast = toast{}
		return m.click(views.At(m.snap, &m.state, m.width, m.height, msg.X, msg.Y), now)
	default:
		return nil
	}
	m.changes++
	return nil
}

// notch returns how far a notch of the wheel goes. In the keyspace, which has few rows, that is one row.
func (m *Model) notch() int {
	if needsStrip(m) == "" {
		return min(m.step(), wheelCells)
	}
	return wheelRows
}

// click selects a row, opens the selected one, sorts by the column of a header, or goes to a pane.
func (m *Model) click(at views.Hit, now time.Time) tea.Cmd {
	m.changes++
	switch {
	case m.state.Help, m.state.Doctor:
	case at.Order >= 0:
		m.toast.say(now, "sorted by %s", m.state.SortTo(m.snap, at.List, at.Order))
	case at.Row < 0 && at.Pane != m.state.Pane:
		m.enter(at.Pane)
	case at.Row < 0:
	case at.List == m.state.Focus() && at.Row == m.state.Lists[at.List].Row:
		return m.act(m.keymap.byName["open"], now)
	case at.List == m.state.Focus():
		m.state.Select(m.snap, at.List, at.Row)
	default:
		m.enterList(at.Pane, at.List)
		m.state.Select(m.snap, at.List, at.Row)
	}
	return nil
}

// enterList focuses a list.
func (m *Model) enterList(p screen.Pane, l screen.List) {
	if m.state.Pane != p {
		m.enter(p)
	}
	if enter := l.Context().Enter; enter != nil {
		enter(&m.state)
	}
}

// mouseCapture releases the mouse, so that the terminal can select text with it, or captures it again.
func mouseCapture(m *Model) tea.Cmd {
	m.mouseOff = !m.mouseOff
	if m.mouseOff {
		m.toast.say(time.Now(), "mouse capture is off, the terminal selects text; m turns it on")
		return tea.DisableMouse
	}
	m.toast.say(time.Now(), "mouse capture is on: clicks and the wheel work here; m turns it off")
	return tea.EnableMouseCellMotion
}
