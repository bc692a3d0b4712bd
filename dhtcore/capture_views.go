package dhtcore

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/wire"
)

// views are pictures of our identities and their tables.
func (n *captureNode) views(now time.Time) (views []Vantage) {
	for i := range n.vantages {
		v := &n.vantages[i]
		view := Vantage{ID: v.table.Self(), Addr: v.addr, Family: wire.FamilyOf(v.addr.Addr()), Buckets: v.table.Buckets(now), Contacts: v.table.Nodes()}
		if !wire.Local(v.addr.Addr()) {
			view.External = v.addr
		}
		for _, b := range view.Buckets {
			view.Good += b.Good
			view.Questionable += b.Questionable
			view.Bad += b.Bad
			view.Replacements += b.Replacements
		}
		views = append(views, view)
	}
	return views
}

// tally counts the hosts of the last hour.
func (n *captureNode) tally(now time.Time, views []Vantage) Tally {
	askers, askerEach := n.askers.Hosts(nil, now)
	repliers, replierEach := n.repliers.Hosts(nil, now)
	var nodes []netip.Addr
	for i := range views {
		for j := range views[i].Contacts {
			nodes = append(nodes, views[i].Contacts[j].Addr.Addr())
		}
	}
	return Tally{At: now, Clients: tally.CountClients(askers, repliers, askerEach, replierEach), Networks: tally.CountNetworks(nodes, askers, askerEach, nil)}
}

// newest are the last packets, newest first.
func (n *captureNode) newest() []*Packet {
	log := slices.Clone(n.log[max(len(n.log)-MaxPackets, 0):])
	slices.Reverse(log)
	return log
}

// states are pictures of the lookups that are large enough to be some, newest first.
func (all captureLookups) states(now time.Time) (states []LookupState) {
	for _, l := range slices.Backward(all) {
		if len(l.state.Steps) >= minCaptureSteps && len(states) < MaxLookups {
			states = append(states, *l.picture(now))
		}
	}
	return states
}
