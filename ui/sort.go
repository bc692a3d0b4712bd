package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// canSort returns why the focused list cannot be sorted.
func canSort(m *Model) string {
	if !m.state.Sortable() {
		return "this list has only one order"
	}
	return ""
}

// sortBy returns an action that sorts the list by the order by columns further.
func sortBy(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.toast.say(time.Now(), "sorted by %s", m.state.SortBy(m.snap, by))
		m.resort()
		return nil
	}
}

// reverse reverses the order of the list.
func reverse(m *Model) tea.Cmd {
	l := m.state.Focus()
	onTop := m.state.ReverseOrder(m.snap)
	m.resort()
	if onTop {
		m.state.Select(m.snap, l, 0)
	}
	return nil
}

// resort sorts what is sorted in the Snapshot itself, after the order of the focused list has changed.
func (m *Model) resort() {
	if m.state.Focus() == screen.LookupList {
		m.retransform()
	}
}
