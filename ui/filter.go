package ui

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
	"dhtop/views/text"
)

// filter picks rows of a list by their text.
type filter struct {
	text    string // as typed
	not     bool   // pick the rows that do not match
	word    string // in lower case
	pattern *regexp.Regexp
	privacy text.Privacy // hidden digits cannot be found
}

// parseFilter parses a filter: text in the row, "!" before it to exclude, "~" before a regular expression. Case
// does not matter. It returns nil for an empty filter.
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

// match reports whether a row with these texts passes.
func (f *filter) match(texts ...string) bool {
	for _, s := range texts {
		if f.pattern != nil && f.pattern.MatchString(s) || f.pattern == nil && strings.Contains(strings.ToLower(s), f.word) {
			return !f.not
		}
	}
	return f.not
}

// canFilter reports why there is nothing to filter.
func canFilter(m *Model) string {
	l := m.state.Focus()
	if l.Context().Sift != nil || contexts[l].filter != nil {
		return ""
	}
	return l.Context().WhyNoFilter
}

// askFilter opens the prompt for the filter of the focused list, which applies as it is typed.
func askFilter(m *Model) tea.Cmd {
	if ask := contexts[m.state.Focus()].filter; ask != nil {
		return ask(m)
	}
	list, before := m.state.Focus(), m.transform.filters[m.state.Focus()]
	value := ""
	if before != nil {
		value = before.text
	}
	change := func(m *Model, value string) error {
		f, err := parseFilter(value)
		if err != nil {
			return err // the last valid one stays
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

// setFilter shows only the rows of a list that pass f; all of them for nil.
func (m *Model) setFilter(list screen.List, f *filter) {
	if m.transform.filters == nil {
		m.transform.filters = map[screen.List]*filter{}
	}
	if f != nil {
		f.privacy = m.state.Privacy()
	}
	m.transform.filters[list] = f
	m.retransform()
}
