package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// help opens the help, or closes it.
func help(m *Model) tea.Cmd {
	m.state.Help, m.state.Doctor = !m.state.Help, false
	m.movement().toTop()
	return nil
}

// doctor opens the doctor, or closes it.
func doctor(m *Model) tea.Cmd {
	m.movement().toTop()
	m.state.Help, m.state.Doctor = false, !m.state.Doctor
	m.state.Terminal.Width, m.state.Terminal.Height = m.width, m.height
	return nil
}

// overlay returns the name of the open overlay, "" for none.
func overlay(st *screen.State) string {
	switch {
	case st.Help:
		return "help"
	case st.Doctor:
		return "doctor"
	}
	return ""
}
