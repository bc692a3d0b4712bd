package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
)

// askPacketFilter opens the prompt for the packet filter, which applies as it is typed.
func askPacketFilter(m *Model) tea.Cmd {
	before := m.state.PacketFilter
	m.ask("filter", "in out, query reply error, a method, the start of an address or hash, :port, !not, ~regex",
		before.String(), func(m *Model, value string) (tea.Cmd, error) { return nil, m.filter(value) })
	m.prompt.change = (*Model).filter
	m.prompt.cancel = func(m *Model) { m.state.FilterPackets(m.snap, before) }
	return nil
}

// filter shows the packets that pass a filter. An invalid one changes nothing.
func (m *Model) filter(value string) error {
	f, err := dhtcore.ParsePacketFilter(value)
	if err != nil {
		return err
	}
	m.state.FilterPackets(m.snap, f)
	return nil
}
