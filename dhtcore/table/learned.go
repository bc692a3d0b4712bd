package table

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// MethodSet is a set of methods, a bit each.
type MethodSet uint8

// Only returns the set of one method.
func Only(m wire.Method) MethodSet { return 1 << m }

// Has tells whether m is in the set.
func (s MethodSet) Has(m wire.Method) bool { return s&Only(m) != 0 }

// Extras is a set of what answers may carry besides what their method is for.
type Extras uint8

// The extras.
const (
	BothFamilies Extras = 1 << iota // contacts of IPv4 and of IPv6 (BEP 32)
	Filters                         // the filters of a scrape (BEP 33)
	NoFilters                       // a scrape answered with peers, but without filters
	YourAddress                     // our own address as the node sees it (BEP 42)
)

// Learned is what a node's answers have shown of it so far. A method that is in neither set has not been
// tried.
type Learned struct {
	Answered MethodSet // answered as the method's BEP says
	Refused  MethodSet // called unknown, or answered without what the method is for
	Extras   Extras
}

// add takes in what a later answer has shown.
func (l *Learned) add(more Learned) {
	l.Answered = l.Answered&^more.Refused | more.Answered
	l.Refused = l.Refused&^more.Answered | more.Refused
	if more.Extras&Filters != 0 {
		l.Extras &^= NoFilters
	}
	l.Extras |= more.Extras
}

// Learn records what an answer of the node at addr has shown, if the table holds it.
func (t *Table) Learn(addr netip.AddrPort, l Learned) {
	if n := t.bySlot[Slot(addr)]; n != nil && n.Addr == addr {
		n.Learned.add(l)
	}
}

// Way is how a node came to be known.
type Way uint8

// The ways.
const (
	UnknownWay Way = iota // a bootstrap host, or it was told of too long ago
	Reported              // another node told of it: Node.Reporter
	CameItself            // it asked us something first
	Saved                 // it was in the table of an earlier run
)

// Introduce records how c came to be known, unless that is recorded already or c has been in the table for
// longer than since. reporter is who told of it, zero if it was nobody.
func (t *Table) Introduce(c wire.Contact, way Way, reporter wire.ID, since time.Time) {
	if n := t.bySlot[Slot(c.Addr)]; n != nil && n.Contact == c && n.Way == UnknownWay && !n.FirstSeen.Before(since) {
		n.Way, n.Reporter = way, reporter
	}
}
