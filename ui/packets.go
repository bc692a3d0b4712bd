package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
)

// askPacketFilter opens the prompt for the packet filter, which applies as it is typed.
func askPacketFilter(m *Model) tea.Cmd {
	before := m.state.PacketFilter
	m.ask("filter", "in out, query reply error, a method, the start of an address or hash, :port, !not, ~regex",
		before.String(), func(m *Model, value string) (tea.Cmd, error) { return nil, filterPackets(m, value) })
	m.prompt.change = filterPackets
	m.prompt.cancel = func(m *Model) { m.state.FilterPackets(m.snap, before) }
	return nil
}

// filterPackets shows the packets that pass a filter. An invalid one changes nothing.
func filterPackets(m *Model, value string) error {
	f, err := dhtcore.ParsePacketFilter(value)
	if err != nil {
		return err
	}
	m.state.FilterPackets(m.snap, f)
	return nil
}
