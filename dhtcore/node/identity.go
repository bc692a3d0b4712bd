package node

import (
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// identity is who a node is to others. Its ID may change while it runs: BEP 42 ties the ID to the external address,
// which only others can tell us.
type identity struct {
	id           atomic.Pointer[wire.ID]
	mode         atomic.Uint32
	reachability wire.Reachability
	votes        votes  // guarded by routing.mu
	proof        *proof // nil unless the mode is ModeProving; guarded by routing.mu
}

// ID returns the node's ID. It changes when the external address does and BEP 42 calls for another.
func (i *identity) ID() wire.ID { return *i.id.Load() }

// External returns the address at which others see the node; it is invalid while that is unknown.
func (n *Node) External() netip.AddrPort {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.votes.external
}

// identify sets the identity at the start.
func (n *Node) identify() {
	id := n.cfg.ID
	n.reachability = wire.ReachabilityFrom(n.addr.Addr())
	ip := n.cfg.PublicIP.Unmap()
	if !ip.IsValid() && n.reachability == wire.FromPublic && !n.addr.Addr().IsUnspecified() {
		ip = n.addr.Addr().Unmap()
	}
	if ip.IsValid() {
		n.votes.external = netip.AddrPortFrom(ip, n.addr.Port())
		if !wire.Secure(id, ip) {
			id = wire.MakeSecure(id, ip)
		}
	}
	n.id.Store(&id)
	n.setMode(n.firstMode())
}

// adaptive reports whether the node has to find out for itself whether it can be reached, where others see it at external;
// the zero Addr before they do. One that is bound to a local range is behind a NAT if others see it at a public address.
func (n *Node) adaptive(external netip.Addr) bool {
	behindNAT := n.reachability == wire.FromPrivate && external.IsValid() && !wire.Local(external)
	return !n.cfg.ReadOnly && !n.cfg.PublicIP.IsValid() && (n.reachability == wire.FromPublic || behindNAT)
}

// self returns the node as others see it. routing.mu is held.
func (i *identity) self() wire.Contact { return wire.Contact{ID: i.ID(), Addr: i.votes.external} }

// seenAs records that the node at by, in a reply to us, sees us at the address as (BEP 42). When that settles
// another external address, the ID is made valid for it and the table rebuilt around the new ID.
func (n *Node) seenAs(by, as netip.AddrPort, now time.Time) {
	if n.cfg.PublicIP.IsValid() || !n.plausible(as) {
		return
	}
	n.mu.Lock()
	changed := n.votes.cast(by.Addr(), as, now)
	if !changed {
		n.mu.Unlock()
		return
	}
	before := n.ID()
	var moved []table.Change
	if ip := as.Addr(); !wire.Secure(before, ip) {
		id := wire.MakeSecure(before, ip)
		n.id.Store(&id)
		moved = n.table.Move(id, now)
	}
	if n.adaptive(as.Addr()) {
		n.setMode(ModeProving)
	}
	event := Event{Kind: Readdressed, At: now, Hash: before, From: n.self()}
	moved = slices.Clone(moved) // the table's own
	n.mu.Unlock()
	n.observe(event)
	n.tableChanged(moved, now)
}

// plausible reports whether a node on our socket could be seen at addr.
func (n *Node) plausible(addr netip.AddrPort) bool {
	return n.reachability != wire.FromLoopback && wire.FamilyOf(addr.Addr()) == wire.FamilyOf(n.addr.Addr()) && n.reachability.Reaches(addr)
}

// Believes reports whether we take it from the node at referrer that there is one at claimed; see
// wire.Reachability. A refusal is counted.
func (n *Node) Believes(claimed, referrer netip.AddrPort) bool {
	ok := n.reachability.Believes(claimed, referrer)
	if !ok {
		n.counters.refused.Add(1)
	}
	return ok
}
