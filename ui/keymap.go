package ui

import (
	"cmp"
	"slices"
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
// the name or the help. Among equals, what is possible comes first, and what acts on something before what moves.
func (k *keymap) search(m *Model, text string) (found []*Action) {
	text = strings.ToLower(strings.TrimSpace(text))
	for i := range k.actions {
		a := &k.actions[i]
		if strings.HasPrefix(a.Name, text) || containsAll(" "+a.Name+" "+a.Help, strings.Fields(text)) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b *Action) int {
		return cmp.Or(first(strings.HasPrefix(a.Name, text), strings.HasPrefix(b.Name, text)),
			first(a.whyNot(m) == "", b.whyNot(m) == ""),
			cmp.Compare(slices.Index(paletteGroups[:], a.Group), slices.Index(paletteGroups[:], b.Group)))
	})
	return found
}

// paletteGroups are the groups of actions in the order in which the palette lists them.
var paletteGroups = [...]string{groupActions, groupPanes, groupScreen, groupProgram, groupMove}

// first orders what has a property before what has not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
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

// hints returns the actions of the hint line that are possible now. The way back comes after what enter does.
func (k *keymap) hints(m *Model) []screen.Key {
	var hints []screen.Key
	for i := range k.actions {
		if a := &k.actions[i]; a.Hint != "" && !a.covered(&m.state) && a.whyNot(m) == "" {
			if a.Hint == hintUnwatch && m.state.Focus() != screen.WatchList {
				continue // the help has it there
			}
			label := a.Hint
			if opens := contexts[m.state.Focus()].opens; opens != nil && a.Name == "open" {
				label = opens(m)
			}
			if a.Name == "freeze" && m.scrub.on() {
				label = m.scrub.resumes(m)
			}
			hints = append(hints, screen.Key{Name: a.Name, Keys: KeyName(a.Keys[0]), Help: label})
		}
	}
	if len(hints) > 1 && hints[0].Name == "back" && hints[1].Name == "open" {
		hints[0], hints[1] = hints[1], hints[0]
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
