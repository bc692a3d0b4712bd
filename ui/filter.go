package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/filter"
	"dhtop/views/screen"
)

// canFilter reports why there is nothing to filter.
func canFilter(m *Model) string {
	if c := m.state.Focus().Context(); c.Filter == nil {
		return c.WhyNoFilter
	}
	return ""
}

// askFilter opens the prompt for the filter of the focused list, which applies as it is typed.
func askFilter(m *Model) tea.Cmd {
	list := m.state.Focus()
	before, fields := m.state.Filters[list], list.Context().Filter.Fields
	m.ask("filter", "", before.String(), func(m *Model, value string) (tea.Cmd, error) {
		f, err := list.Context().Filter.Parse(value)
		if err != nil {
			return nil, err
		}
		m.setFilter(list, f)
		m.filters.add(list, value)
		return nil, nil
	})
	p := m.prompt
	p.change = func(m *Model, value string) error { return m.tryFilter(list, value) }
	p.cancel = func(m *Model) { m.setFilter(list, before) }
	p.complete = func(value string) filter.Completion { return filter.Complete(value, fields) }
	p.earlier = m.filters.of(list)
	return nil
}

// setFilter shows only the rows of a list that pass f; all of them for nil.
func (m *Model) setFilter(list screen.List, f *screen.Filter) {
	if m.state.Filters[list].String() == f.String() {
		return
	}
	m.state.Filters[list] = f
	m.retransform()
}

// tryFilter applies a filter while it is typed. What is half typed does not blank the screen: a term that still
// lacks something does not count yet, nor does a word that no row has as long as it may become the name of a field,
// and a mistake leaves the last good filter in force.
func (m *Model) tryFilter(list screen.List, value string) error {
	language := list.Context().Filter
	f, err := language.Parse(value)
	if err != nil && !filter.IsUnfinished(err) {
		return err
	}
	m.setFilter(list, f)
	if err == nil && m.filtered().Shown == 0 && filter.CouldBeField(value, language.Fields) {
		without, err := language.Parse(filter.WithoutLast(value))
		if err != nil {
			return err
		}
		m.setFilter(list, without)
	}
	return nil
}

// filtered is the filter of the list in focus, and how many rows pass it, for the screen.
func (m *Model) filtered() screen.Filtered {
	f, c := m.state.Filters[m.state.Focus()], m.state.Focus().Context()
	if f == nil || c.Filter == nil {
		return screen.Filtered{}
	}
	passed := c.Rows
	if c.Passed != nil {
		passed = c.Passed
	}
	return screen.Filtered{By: f.String(), Shown: passed(&m.state, m.snap), All: c.All(&m.state, m.raw)}
}

// filterHistory is the filters that were entered, by list, the newest last.
type filterHistory [screen.Lists][]string

// keptFilters is how many of a list are kept.
const keptFilters = 20

// add keeps a filter as the newest of a list.
func (h *filterHistory) add(list screen.List, value string) {
	value = strings.TrimSpace(value)
	if n := len(h[list]); value == "" || n > 0 && h[list][n-1] == value {
		return
	}
	h[list] = append(h[list], value)
	h[list] = h[list][max(len(h[list])-keptFilters, 0):]
}

func (h *filterHistory) of(list screen.List) []string { return h[list] }
