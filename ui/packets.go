package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// watching is what the core has been told of the packets.
type watching struct {
	on     bool
	filter *dhtcore.PacketFilter
}

// watch has the core keep packets while their pane is open, or while a filter looks out for some.
func (m *Model) watch() {
	f := m.state.PacketFilter
	if w := (watching{m.state.Pane == screen.PacketsPane || f != nil, f}); w != m.watching {
		m.watching = w
		m.core.watchPackets(w.on, w.filter)
	}
	m.watchHash()
}

// askPacketFilter opens the prompt for the filter of packets, which acts as it is typed.
func askPacketFilter(m *Model) tea.Cmd {
	before := m.state.PacketFilter
	m.ask("filter", "in out, query reply error, a method, the start of an address or hash, :port, !not, ~regex",
		before.String(), func(m *Model, value string) (tea.Cmd, error) { return nil, m.filter(value) })
	m.prompt.change = (*Model).filter
	m.prompt.cancel = func(m *Model) { m.state.FilterPackets(m.snap, before) }
	return nil
}

// filter shows the packets that pass a filter. A bad one leaves the last good one.
func (m *Model) filter(value string) error {
	f, err := dhtcore.ParsePacketFilter(value)
	if err != nil {
		return err
	}
	m.state.FilterPackets(m.snap, f)
	return nil
}
