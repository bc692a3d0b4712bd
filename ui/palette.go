package ui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// askAction opens the palette, which runs an action by its name.
func askAction(m *Model) tea.Cmd {
	const hint = "the name of an action; up and down select, enter runs it"
	m.ask(":", hint, "", func(m *Model, value string) (tea.Cmd, error) {
		found := m.keymap.search(m, value)
		if len(found) == 0 {
			return nil, fmt.Errorf("no action matches %q: delete some of it", value)
		}
		a := found[min(m.prompt.chosen, len(found)-1)]
		m.prompt = nil
		return m.act(a, time.Now()), nil
	})
	m.prompt.choices = func(m *Model, value string) []screen.Key {
		found := m.keymap.search(m, value)
		keys := make([]screen.Key, len(found))
		for i, a := range found {
			keys[i] = a.view(m)
		}
		return keys
	}
	return nil
}
