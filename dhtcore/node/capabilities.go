package node

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// capabilitiesIn returns what the reply m to the query of tx shows of its sender. A node may answer a method
// that it does not know as if it were find_node (BEP 5), so a reply alone shows little.
func capabilitiesIn(tx *transaction, m *wire.Message, r *wire.Reply) (c table.Capabilities) {
	answered := true
	switch tx.method {
	case wire.GetPeers, wire.Get:
		answered = len(m.Token) > 0
	case wire.SampleInfohashes:
		answered = m.HasSamples
	}
	if answered {
		c.Answered = table.Only(tx.method)
	} else {
		c.Refused = table.Only(tx.method)
	}
	if len(m.Nodes) > 0 && len(m.Nodes6) > 0 {
		c.Extras |= table.BothFamilies
	}
	switch {
	case r.SeedFilter != nil || r.PeerFilter != nil:
		c.Extras |= table.Filters
	case tx.scrape && len(r.Peers) > 0: // without peers it has nothing to sum up
		c.Extras |= table.NoFilters
	}
	if r.External.IsValid() {
		c.Extras |= table.YourAddress
	}
	return c
}

// learn has the table remember what the reply r has shown, and the referrer of its sender if that has just
// entered the table.
func (rt *routing) learn(c table.Capabilities, r *wire.Reply, now time.Time) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.table.AddCapabilities(r.From.Addr, c)
	if id, known := rt.referrers.of(r.From.Addr); known {
		rt.table.SetProvenance(r.From, table.Referred, id, now)
	}
	rt.referrers.add(r.Nodes, r.From.ID)
}

// refused has the table remember what the error m, in reply to the query of tx, shows of the node at from.
func (rt *routing) refused(tx *transaction, m *wire.Message, from netip.AddrPort) {
	if m.Code == wire.CodeMethodUnknown {
		rt.mu.Lock()
		defer rt.mu.Unlock()
		rt.table.AddCapabilities(from, table.Capabilities{Refused: table.Only(tx.method)})
	}
}
