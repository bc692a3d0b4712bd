package snapshot

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// PacketCause is why we sent a query, or why a reply or an error to it came.
type PacketCause struct {
	Lookup   *lookup.State
	Step     *lookup.Step
	Referrer netip.AddrPort // of Step; invalid where we knew the node ourselves, or the lookup has not asked the referrer
}

// PacketCauses finds the causes of packets in lookups. Create it with CausesIn.
type PacketCauses struct {
	steps map[stepKey][]PacketCause // those of the newest lookup first
}

// stepKey is what the packets of a step have in common.
type stepKey struct {
	target wire.ID
	addr   netip.AddrPort
}

// CausesIn returns the causes of packets that the lookups of a Snapshot are.
func CausesIn(s *Snapshot) *PacketCauses {
	c := &PacketCauses{steps: make(map[stepKey][]PacketCause)}
	for i := range s.Lookups {
		lk := &s.Lookups[i]
		addrs := make(map[wire.ID]netip.AddrPort, len(lk.Steps))
		for j := range lk.Steps {
			addrs[lk.Steps[j].ID] = lk.Steps[j].Addr
		}
		for j := range lk.Steps {
			step := &lk.Steps[j]
			key := stepKey{lk.Target, step.Addr}
			c.steps[key] = append(c.steps[key], PacketCause{lk, step, addrs[step.Referrer]})
		}
	}
	return c
}

// clockSlack is how far the times of a packet and of its step may be apart: two clocks are read.
const clockSlack = 50 * time.Millisecond

// Of returns the cause of a packet, and whether it is known.
func (c *PacketCauses) Of(p *Packet) (PacketCause, bool) {
	if ours := (p.Kind == wire.KindQuery) == (p.Way == wire.Out); p.Kind == wire.NoKind || !ours || !p.HasTarget {
		return PacketCause{}, false
	}
	sent := p.At.Add(-p.Took)
	for _, cause := range c.steps[stepKey{p.Target, p.Addr}] {
		from := cause.Lookup.Started.Add(cause.Step.Asked)
		if sent.Before(from.Add(-clockSlack)) {
			continue // a lookup that came later
		}
		if cause.Lookup.Method == p.Method && !sent.After(cause.Lookup.Started.Add(cause.Lookup.Elapsed+clockSlack)) || storesFor(p.Method, cause.Lookup) {
			return cause, true
		}
	}
	return PacketCause{}, false
}

// storesFor reports whether a method stores what a lookup has found the nodes for.
func storesFor(m wire.Method, lk *lookup.State) bool {
	return m == wire.AnnouncePeer && lk.Method == wire.GetPeers || m == wire.Put && lk.Method == wire.Get
}
