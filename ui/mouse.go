package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views"
	"dhtop/views/screen"
)

// mouse handles a click or the wheel.
func (m *Model) mouse(msg tea.MouseMsg, now time.Time) tea.Cmd {
	if m.prompt != nil || msg.Action != tea.MouseActionPress {
		return nil
	}
	mv := m.movement()
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		mv.move(-mv.notch())
	case tea.MouseButtonWheelDown:
		mv.move(mv.notch())
	case tea.MouseButtonLeft:
		m.toast = toast{}
		return m.click(views.At(m.snap, &m.state, m.width, m.height, msg.X, msg.Y), now)
	default:
		return nil
	}
	m.changes++
	return nil
}

// click selects a row, opens the selected one, sorts by the column of a header, or goes to a pane.
func (m *Model) click(at views.Hit, now time.Time) tea.Cmd {
	m.changes++
	if n, is := screen.TargetOf(at.Action); is {
		return turnTo(n)
	}
	switch {
	case at.Action != "":
		return m.act(m.keymap.byName[at.Action], now)
	case !at.Moment.IsZero():
		return m.seek(at.Moment, false, now)
	case m.state.Help, m.state.Doctor:
	case at.Order >= 0:
		m.toast.say(now, "sorted by %s", m.state.SortTo(m.snap, at.List, at.Order))
		m.resort()
	case at.Row < 0 && at.Pane != m.state.Pane:
		m.enter(at.Pane)
	case at.Row < 0:
	case at.List == m.state.Focus() && at.Row == m.state.Lists[at.List].Row:
		return m.act(m.keymap.byName["open"], now)
	case at.List == m.state.Focus():
		m.state.Select(m.snap, at.List, at.Row)
		m.clickedFold(at.List)
	default:
		if m.state.Pane != at.Pane {
			m.enter(at.Pane)
		}
		if enter := at.List.Context().Enter; enter != nil {
			enter(&m.state)
		}
		m.state.Select(m.snap, at.List, at.Row)
		m.clickedFold(at.List)
	}
	return nil
}

// clickedFold lists what the clicked line stands for, if it is such a line: one click is enough there.
func (m *Model) clickedFold(l screen.List) {
	if l == screen.HashList && m.state.OnFold(m.snap) {
		m.state.TurnFold(m.snap)
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
