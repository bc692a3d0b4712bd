package ui

import (
	"net/netip"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// selection is what the keys act on: the row of the table of contexts for the list that they are in, and what is
// selected in that list.
type selection struct {
	state    *screen.State
	snap     *dhtcore.Snapshot
	filtered bool // a filter may leave rows out
}

func (m *Model) selection() selection {
	l := m.state.Focus()
	return selection{&m.state, m.snap, m.state.Filters[l] != nil}
}

// focus is the row of the list that the keys are in.
func (sel selection) focus() *screen.Context { return sel.state.Focus().Context() }

// list is the row of the pane's list, also while something lies over the pane.
func (sel selection) list() *screen.Context { return sel.state.List().Context() }

// hash returns the selected hash, or the hash of the selected lookup or packet. name is "" if unknown.
func (sel selection) hash() (hash dhtcore.ID, name string, ok bool) {
	if c := sel.list(); c.Hash != nil {
		return c.Hash(sel.state, sel.snap)
	}
	return dhtcore.ID{}, "", false
}

// lookup is the selected lookup, or the newest of the selected hash; nil for none.
func (sel selection) lookup() *dhtcore.LookupState {
	if c := sel.list(); c.Lookup != nil {
		return c.Lookup(sel.state, sel.snap)
	}
	return nil
}

// node returns the selected node. listed is false where the list has no nodes.
func (sel selection) node() (id dhtcore.ID, addr netip.AddrPort, listed bool) {
	if c := sel.focus(); c.Node != nil {
		id, addr = c.Node(sel.state, sel.snap)
		return id, addr, true
	}
	return id, addr, false
}

// addr returns the address of the selected node or peer. listed is false where the list has none.
func (sel selection) addr() (addr netip.AddrPort, listed bool) {
	if c := sel.focus(); c.Addr != nil {
		return c.Addr(sel.state, sel.snap)
	}
	return addr, false
}

// because returns reason, or that the filter is the reason if it leaves no row.
func (sel selection) because(reason string) string {
	if reason != "" && sel.filtered && sel.state.Length(sel.snap, sel.state.Focus()) == 0 {
		return "no match: esc clears the filter"
	}
	return reason
}

// empty returns why nothing can be done in an empty list, "" if it has rows.
func (sel selection) empty() string {
	if c := sel.focus(); c.Empty != nil && c.Rows(sel.state, sel.snap) == 0 {
		return sel.because(c.Empty(sel.state, sel.snap))
	}
	return ""
}
