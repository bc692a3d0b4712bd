package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// canOpen returns why the selected row cannot be opened.
func canOpen(m *Model) string {
	if m.state.FullDetails {
		return "nothing more to open: esc goes back"
	}
	if reason := m.selection().empty(); reason != "" {
		return reason
	}
	if m.state.Focus() == screen.CellList && (m.core.ZoomCrawl == nil || m.scrub.on()) {
		return "only the node itself knows the parts of a cell, as they are now"
	}
	if c := m.selection().focus(); c.WhyNotOpen != nil {
		return c.WhyNotOpen(&m.state, m.snap)
	}
	return ""
}

// canShowDetails returns why the full details of a lookup or packet cannot be shown.
func canShowDetails(m *Model) string {
	if m.state.FullDetails {
		return "these are the full details: esc goes back"
	}
	if c := m.selection().focus(); c.WhyNoDetails != nil {
		return m.selection().because(c.WhyNoDetails(&m.state, m.snap))
	}
	return ""
}

// showDetails shows everything about the opened lookup or packet, as a text that scrolls.
func showDetails(m *Model) tea.Cmd {
	m.movement().toTop()
	m.state.FullDetails = true
	if m.state.Focus() == screen.LookupList {
		m.state.Zoom = true
	}
	return nil
}

// open opens the selected row: from a hash its detail and then its newest lookup, from the nodes of a lookup its
// peers, from a cell of the keyspace its parts, from a packet its fields, from peers and fields the full
// details. Elsewhere it zooms in.
func open(m *Model) tea.Cmd {
	m.movement().toTop()
	switch l := m.state.Focus(); {
	case contexts[l].open != nil:
		contexts[l].open(m)
	case l.Context().Open != nil:
		l.Context().Open(&m.state, m.snap)
	default:
		m.state.Zoom = true
	}
	return nil
}

func zoom(m *Model) tea.Cmd {
	m.movement().toTop()
	m.state.Zoom, m.state.Peers, m.state.FullDetails, m.state.Opened = !m.state.Zoom, false, false, dhtcore.ID{}
	return nil
}
