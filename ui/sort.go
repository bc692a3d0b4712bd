package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
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
		return nil
	}
}

// reverse reverses the order of the list.
func reverse(m *Model) tea.Cmd {
	m.state.ReverseOrder(m.snap)
	return nil
}
