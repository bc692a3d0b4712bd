package ui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// askAction opens the palette: every action by its name.
func askAction(m *Model) tea.Cmd {
	m.ask(":", "the name of an action; up and down select, enter runs it", "", func(m *Model, value string) (tea.Cmd, error) {
		found := m.named(value)
		if len(found) == 0 {
			return nil, fmt.Errorf("no action matches %q: delete some of it", value)
		}
		a := found[min(m.prompt.chosen, len(found)-1)]
		m.prompt = nil
		return m.act(a, time.Now()), nil
	})
	m.prompt.choices = func(m *Model, value string) []screen.Key {
		found := m.named(value)
		keys := make([]screen.Key, len(found))
		for i, a := range found {
			keys[i] = a.view(m)
		}
		return keys
	}
	return nil
}

// named returns the actions in whose name or help all words of a text begin a word, those with the text at
// the beginning of their name first.
func (m *Model) named(value string) (found []*Action) {
	value = strings.ToLower(strings.TrimSpace(value))
	var others []*Action
	for i := range m.actions {
		a := &m.actions[i]
		switch says := " " + a.Name + " " + a.Help; {
		case strings.HasPrefix(a.Name, value):
			found = append(found, a)
		case holdsAll(says, strings.Fields(value)):
			others = append(others, a)
		}
	}
	return append(found, others...)
}

func holdsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, " "+w) {
			return false
		}
	}
	return true
}
