package ui

import (
	"strings"

	"dhtop/views/screen"
)

// keymap is the table of actions, found by key or by name.
type keymap struct {
	actions []Action
	byKey   map[string]*Action
	byName  map[string]*Action
}

func newKeymap() keymap {
	k := keymap{Actions(), map[string]*Action{}, map[string]*Action{}}
	for i := range k.actions {
		k.byName[k.actions[i].Name] = &k.actions[i]
		for _, key := range k.actions[i].Keys {
			k.byKey[key] = &k.actions[i]
		}
	}
	return k
}

// search returns the actions whose name starts with text, then those where each word of text starts a word of
// the name or the help.
func (k *keymap) search(text string) (found []*Action) {
	text = strings.ToLower(strings.TrimSpace(text))
	var others []*Action
	for i := range k.actions {
		a := &k.actions[i]
		switch words := " " + a.Name + " " + a.Help; {
		case strings.HasPrefix(a.Name, text):
			found = append(found, a)
		case containsAll(words, strings.Fields(text)):
			others = append(others, a)
		}
	}
	return append(found, others...)
}

// containsAll reports whether each of words starts a word of s.
func containsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, " "+w) {
			return false
		}
	}
	return true
}

// hints returns the actions of the hint line that are possible now.
func (k *keymap) hints(m *Model) []screen.Key {
	var hints []screen.Key
	for i := range k.actions {
		if a := &k.actions[i]; a.Hint != "" && !a.covered(&m.state) && a.whyNot(m) == "" {
			label := a.Hint
			if opens := contexts[m.state.Focus()].opens; opens != nil && a.Name == "open" {
				label = opens(m)
			}
			hints = append(hints, screen.Key{Keys: KeyName(a.Keys[0]), Help: label})
		}
	}
	return hints
}

// help returns all actions, for the help, and what the filter of the list below it can ask.
func (k *keymap) help(m *Model) []screen.Key {
	overlay := m.state.Help // actions are possible or not below the help
	m.state.Help = false
	defer func() { m.state.Help = overlay }()
	keys := make([]screen.Key, len(k.actions))
	for i := range k.actions {
		keys[i] = k.actions[i].view(m)
	}
	return append(keys, filterHelp(m.state.List())...)
}
