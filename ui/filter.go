package ui

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// filter picks rows of a list by their text.
type filter struct {
	text    string // as it was typed
	not     bool   // those that do not match
	word    string // lower case
	pattern *regexp.Regexp
	privacy text.Privacy // what is hidden cannot be found
}

// parseFilter reads a filter: text that a row holds, "!" before it for rows that do not, "~" before a
// regular expression; upper and lower case are one. It returns nil for an empty filter.
func parseFilter(s string) (*filter, error) {
	s = strings.TrimSpace(s)
	rest, not := strings.CutPrefix(s, "!")
	pattern, isPattern := strings.CutPrefix(rest, "~")
	f := &filter{text: s, not: not, word: strings.ToLower(rest)}
	switch {
	case rest == "", isPattern && pattern == "":
		return nil, nil
	case isPattern:
		re, err := regexp.Compile("(?i)" + pattern)
		if err != nil {
			return nil, badPattern(err)
		}
		f.pattern = re
	}
	return f, nil
}

// badPattern says what is wrong with a regular expression, without the name of the package.
func badPattern(err error) error {
	if bad := (*syntax.Error)(nil); errors.As(err, &bad) {
		return fmt.Errorf("invalid regular expression: %s: %s", bad.Code, strings.TrimPrefix(bad.Expr, "(?i)"))
	}
	return err
}

// match tells whether a row with these texts passes.
func (f *filter) match(texts ...string) bool {
	for _, s := range texts {
		if f.pattern != nil && f.pattern.MatchString(s) || f.pattern == nil && strings.Contains(strings.ToLower(s), f.word) {
			return !f.not
		}
	}
	return f.not
}

func (f *filter) hash(h *dhtcore.HashRow) bool {
	return f.match(dhtcore.ID(h.InfoHash).String(), h.Name)
}

func (f *filter) lookup(lk *dhtcore.LookupState) bool {
	return f.match(lk.Target.String(), lk.Method.String(), lk.Err)
}

func (f *filter) node(n *dhtcore.TableNode) bool {
	return f.match(dhtcore.ID(n.ID).String(), text.Addr(n.Addr, f.privacy), n.Client)
}

// canFilter tells why there is nothing to filter.
func canFilter(m *Model) string {
	switch m.state.Focus() {
	case screen.HashList, screen.NodeList, screen.LookupList, screen.PacketList:
		return ""
	case screen.FieldList:
		return "a packet is open: esc goes back to the log"
	default:
		return "only hashes, nodes, lookups and packets can be filtered: 2, 3, 4 and 5 show them"
	}
}

// emptied tells why the list is empty: because of what it leaves out, or else the reason that is given.
func (m *Model) emptied(reason string) string {
	l := m.state.Focus()
	switch {
	case m.transform.filters[l] != nil, l == screen.PacketList && m.state.PacketFilter != nil:
		return "no match: esc clears the filter"
	case l != screen.HashList || len(m.snap.Hashes.Top) == 0:
		return reason
	case m.state.Alike:
		return "no look-alike hashes: R lists all"
	default:
		return "no requests in this period: w selects a longer one"
	}
}

// askFilter opens the prompt for the filter of the list that the keys are in, which acts as it is typed.
func askFilter(m *Model) tea.Cmd {
	if m.state.Focus() == screen.PacketList {
		return askPacketFilter(m)
	}
	list, before := m.state.Focus(), m.transform.filters[m.state.Focus()]
	value := ""
	if before != nil {
		value = before.text
	}
	change := func(m *Model, value string) error {
		f, err := parseFilter(value)
		if err != nil {
			return err // the last good one stays
		}
		m.setFilter(list, f)
		return nil
	}
	m.ask("filter", "text in the row, !text to exclude, ~regular expression", value,
		func(m *Model, value string) (tea.Cmd, error) { return nil, change(m, value) })
	m.prompt.change = change
	m.prompt.cancel = func(m *Model) { m.setFilter(list, before) }
	return nil
}

// setFilter shows only what passes f of a list; nil for all.
func (m *Model) setFilter(list screen.List, f *filter) {
	if m.transform.filters == nil {
		m.transform.filters = map[screen.List]*filter{}
	}
	if f != nil {
		f.privacy = m.privacy()
	}
	m.transform.filters[list] = f
	m.retransform()
}

// filtered is what the filter of the focused list leaves, for the screen.
func (m *Model) filtered() screen.Filtered {
	f := m.transform.filters[m.state.Focus()]
	if f == nil {
		return screen.Filtered{}
	}
	shown := screen.Filtered{By: f.text}
	switch m.state.Focus() {
	case screen.HashList:
		shown.Shown, shown.All = len(m.state.Ranked(m.snap)), len(m.state.Ranked(m.raw))
	case screen.LookupList:
		shown.Shown, shown.All = len(m.snap.Lookups), len(m.raw.Lookups)
	case screen.NodeList:
		shown.Shown, shown.All = contacts(m.snap), contacts(m.raw)
	}
	return shown
}

func contacts(s *dhtcore.Snapshot) (n int) {
	for i := range s.Nodes {
		n += len(s.Nodes[i].Contacts)
	}
	return n
}
