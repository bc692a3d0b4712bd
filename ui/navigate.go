package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// show returns an action that goes to a pane.
func show(p screen.Pane) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.enter(p)
		return nil
	}
}

// turn returns an action that goes by panes forward.
func turn(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		to := m.state.Pane
		for range screen.Panes { // over those that cannot be shown
			to = (to + screen.Panes + screen.Pane(by)) % screen.Panes
			if to.WhyNot(m.raw) == "" {
				break
			}
		}
		m.enter(to)
		return nil
	}
}

// enter goes to a pane by its number and forgets the way back.
func (m *Model) enter(p screen.Pane) {
	m.state.Digest = nil
	m.state.Doctor = false // it is about no pane, and would hide this one; the help is that of the pane
	m.movement().toTop()
	m.state.Pane, m.state.Zoom, m.state.Peers, m.state.News, m.state.Parts, m.back = p, false, false, false, nil, nil
	m.state.TakeApart(nil)
	m.state.Bucket, m.state.Opened = nil, dhtcore.ID{}
	if p == screen.LogPane {
		m.state.Lists[screen.LogList] = screen.Cursor{} // at the newest
	}
}

// canGoBack returns why there is no step back.
func canGoBack(m *Model) string {
	st := &m.state
	if st.Pane == screen.OverviewPane && !st.Zoom && !st.News && !st.Help && !st.Doctor && st.Digest == nil && st.Filters[st.Focus()] == nil {
		return "this is the overview: q quits"
	}
	return ""
}

// back goes back one step: from the help, the zoom, an opened row, the pane. It never quits.
func back(m *Model) tea.Cmd {
	if !m.state.Help {
		m.movement().toTop()
	}
	focus := m.selection().focus()
	switch {
	case m.state.Help:
		m.state.Help = false
	case m.state.Doctor:
		m.state.Doctor = false
	case m.state.Digest != nil:
		m.state.Digest = nil
	case m.state.FullDetails:
		m.state.FullDetails = false
	case focus.Leave != nil:
		focus.Leave(&m.state)
	case m.state.Zoom && m.back.opened():
		m.back.pop(&m.state)
	case m.state.Zoom:
		m.state.Zoom = false
	case focus.Widen != nil && focus.Widen(&m.state, m.snap):
	case m.state.Filters[m.state.Focus()] != nil:
		m.setFilter(m.state.Focus(), nil)
	case m.back.pop(&m.state):
	default:
		m.state.Pane = screen.OverviewPane
	}
	return nil
}
