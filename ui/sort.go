package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// canSort tells why the list that the keys are in has but one order.
func canSort(m *Model) string {
	if !m.state.Sortable() {
		return "this list has only one order"
	}
	return ""
}

// sortBy is an action that sorts the list by the order that is by further on.
func sortBy(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.say(time.Now(), "sorted by %s", m.state.SortBy(m.snap, by))
		return nil
	}
}

// reverse turns the order of the list round.
func reverse(m *Model) tea.Cmd {
	m.state.ReverseOrder(m.snap)
	return nil
}
