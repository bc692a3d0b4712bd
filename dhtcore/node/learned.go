package node

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// shown is what the reply m to the query of tx shows of its sender. Whoever does not know a method is
// welcome to answer it as if it were find_node (BEP 5), so that an answer alone shows little.
func shown(tx *transaction, m *wire.Message, r *wire.Reply) (l table.Learned) {
	does := true
	switch tx.method {
	case wire.GetPeers, wire.Get:
		does = len(m.Token) > 0
	case wire.SampleInfohashes:
		does = m.HasSamples
	}
	if does {
		l.Answered = table.Only(tx.method)
	} else {
		l.Refused = table.Only(tx.method)
	}
	if len(m.Nodes) > 0 && len(m.Nodes6) > 0 {
		l.Extras |= table.BothFamilies
	}
	switch {
	case r.SeedFilter != nil || r.PeerFilter != nil:
		l.Extras |= table.Filters
	case tx.scrape && len(r.Peers) > 0: // without peers it has nothing to sum up
		l.Extras |= table.NoFilters
	}
	if r.External.IsValid() {
		l.Extras |= table.YourAddress
	}
	return l
}

// learn has the table remember what the reply r has shown, and who told of its sender if that has just
// entered the table.
func (n *Node) learn(l table.Learned, r *wire.Reply, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.table.Learn(r.From.Addr, l)
	if id, known := n.reporters.first(r.From.Addr); known {
		n.table.Introduce(r.From, table.Reported, id, now)
	}
	n.reporters.note(r.Nodes, r.From.ID)
}

// refused has the table remember what the error m to the query of tx shows of the node at from.
func (n *Node) refused(tx *transaction, m *wire.Message, from netip.AddrPort) {
	if m.Code == wire.CodeMethodUnknown {
		n.mu.Lock()
		n.table.Learn(from, table.Learned{Refused: table.Only(tx.method)})
		n.mu.Unlock()
	}
}

// cameItself has the table remember that c, which has entered it at since or later, asked us first.
func (n *Node) cameItself(c wire.Contact, since time.Time) {
	n.mu.Lock()
	n.table.Introduce(c, table.CameItself, wire.ID{}, since)
	n.mu.Unlock()
}
