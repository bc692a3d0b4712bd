package table

import (
	"time"

	"dhtop/dhtcore/wire"
)

// Provenance is how a node came to be known.
type Provenance uint8

// The provenances.
const (
	UnknownProvenance Provenance = iota // a bootstrap host, or its referrer is forgotten
	Referred                            // another node told us of it: Node.Referrer
	QueriedFirst                        // it sent us a query before we knew it
	Saved                               // it was in the table of an earlier run
)

// SetProvenance records how c came to be known, unless that is recorded already or c entered the table before
// since. referrer is the node that told us of it, zero for none.
func (t *Table) SetProvenance(c wire.Contact, p Provenance, referrer wire.ID, since time.Time) {
	if n := t.bySlot[Slot(c.Addr)]; n != nil && n.Contact == c && n.Provenance == UnknownProvenance && !n.FirstSeen.Before(since) {
		n.Provenance, n.Referrer = p, referrer
	}
}
