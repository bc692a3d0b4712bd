package table

import (
	"net/netip"

	"dhtop/dhtcore/wire"
)

// MethodSet is a set of methods, a bit each.
type MethodSet uint8

// Only returns the set of one method.
func Only(m wire.Method) MethodSet { return 1 << m }

// Has reports whether m is in the set.
func (s MethodSet) Has(m wire.Method) bool { return s&Only(m) != 0 }

// Extras is a set of what replies may carry besides what their method is for.
type Extras uint8

// The extras.
const (
	BothFamilies Extras = 1 << iota // contacts of IPv4 and of IPv6 (BEP 32)
	Filters                         // the filters of a scrape (BEP 33)
	NoFilters                       // a scrape was answered with peers, but without filters
	YourAddress                     // our own address as the node sees it (BEP 42)
)

// Capabilities are what a node can do, as far as its replies have shown. A method that is in neither set has
// not been tried.
type Capabilities struct {
	Answered MethodSet // answered as the method's BEP says
	Refused  MethodSet // called unknown, or answered without what the method is for
	Extras   Extras
}

// add merges what a later reply has shown, which counts where the two differ.
func (c *Capabilities) add(more Capabilities) {
	c.Answered = c.Answered&^more.Refused | more.Answered
	c.Refused = c.Refused&^more.Answered | more.Refused
	if more.Extras&Filters != 0 {
		c.Extras &^= NoFilters
	}
	c.Extras |= more.Extras
}

// AddCapabilities records what a reply of the node at addr has shown, if the table holds the node.
func (t *Table) AddCapabilities(addr netip.AddrPort, c Capabilities) {
	if n := t.bySlot[Slot(addr)]; n != nil && n.Addr == addr {
		n.Capabilities.add(c)
	}
}
