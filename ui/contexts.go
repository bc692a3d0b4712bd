package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/report"
	"dhtop/views/screen"
)

// listContext is what the keys do in a list beside what its row in package screen says: what needs the Model.
type listContext struct {
	open   func(*Model)         // what enter does, in place of the row's Open
	filter func(*Model) tea.Cmd // asks for a filter of the list's own kind
	// what e exports
	export func(*screen.State, *dhtcore.Snapshot, report.Options) (exportContent, error)
}

// contexts has a row for every list that needs one.
var contexts = [screen.Lists]listContext{
	screen.HashList:   {open: (*Model).openHash, export: hashContent},
	screen.NodeList:   {export: nodeContent},
	screen.LookupList: {export: lookupContent},
	screen.StepList:   {export: lookupContent},
	screen.PeerList:   {export: lookupContent},
	screen.PacketList: {filter: askPacketFilter, export: packetContent},
	screen.FieldList:  {export: packetContent},
	screen.CellList:   {open: (*Model).openParts, export: crawlContent},
	screen.PartList:   {export: crawlContent},
}

// focus is the row of the list that the keys are in.
func (m *Model) focus() *screen.Context { return m.state.Focus().Context() }

// list is the row of the pane's list, also while something lies over the pane.
func (m *Model) list() *screen.Context { return m.state.List().Context() }

// because is why something cannot be done: reason, unless the list is empty for what its filter leaves out.
func (m *Model) because(reason string) string {
	l := m.state.Focus()
	filtered := m.transform.filters[l] != nil || l == screen.PacketList && m.state.PacketFilter != nil
	if reason != "" && filtered && m.state.Length(m.snap, l) == 0 {
		return "no match: esc clears the filter"
	}
	return reason
}

// empty is why nothing can be done in an empty list, "" where it is not.
func (m *Model) empty() string {
	if c := m.focus(); c.Empty != nil && c.Rows(&m.state, m.snap) == 0 {
		return m.because(c.Empty(&m.state, m.snap))
	}
	return ""
}
