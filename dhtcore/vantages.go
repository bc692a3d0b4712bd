package dhtcore

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/silent"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

// vantages are all our identities, those of one address family after those of the other. It is complete
// before anything runs and needs no lock, but for what locks itself. As a lookup.Querier it asks through the first identity of the
// family that an address belongs to.
type vantages struct {
	list   []*vantage
	silent silent.Addresses
	local  localAddresses
	mapper *portmap.Mapper // nil for none
}

// Admit implements lookup.Querier.
func (vs *vantages) Admit(ctx context.Context, to netip.AddrPort) error {
	v, err := vs.of(to)
	if err != nil {
		return err
	}
	return v.Admit(ctx, to)
}

// Ask implements lookup.Querier.
func (vs *vantages) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	v, err := vs.of(to.Addr)
	if err != nil {
		return wire.Reply{}, err
	}
	return v.Ask(ctx, to, q)
}

// patient is a lookup.Querier that asks nobody while there is no network: for the crawl, which would take every node
// for a dead one.
type patient struct{ *vantages }

// Admit implements lookup.Querier.
func (p patient) Admit(ctx context.Context, to netip.AddrPort) error {
	v, err := p.of(to)
	if err != nil {
		return err
	}
	for outage := v.link.current(); outage.Offline() && v.link.hasConnected(); outage = v.link.current() {
		if !pauseFor(ctx, checkEvery) {
			return ctx.Err()
		}
	}
	return v.Admit(ctx, to)
}

// of returns the identity that asks nodes of the family of addr.
func (vs *vantages) of(addr netip.AddrPort) (*vantage, error) {
	if i := vs.index(addr); i >= 0 {
		return vs.list[i], nil
	}
	return nil, fmt.Errorf("%s cannot be reached: no socket of that address family", addr)
}

// index is the place of the identity that asks nodes of the family of addr; -1 for none.
func (vs *vantages) index(addr netip.AddrPort) int {
	return slices.IndexFunc(vs.list, func(v *vantage) bool { return v.family == wire.FamilyOf(addr.Addr()) })
}

// holding returns the identity that has c in its table, else the one that asks its family.
func (vs *vantages) holding(c wire.Contact) (*vantage, error) {
	for _, v := range vs.list {
		if v.family == wire.FamilyOf(c.Addr.Addr()) && v.Holds(c) {
			return v, nil
		}
	}
	return vs.of(c.Addr)
}

// slack is the least of what the identities have left of their budgets: see node.Node.Slack.
func (vs *vantages) slack() float64 {
	least := 1.0
	for _, v := range vs.list {
		least = min(least, v.Slack())
	}
	return least
}

// believes reports whether a node of ours believes the one at referrer that there is a node at claimed, and
// could reach it over that address family.
func (vs *vantages) believes(claimed, referrer netip.AddrPort) bool {
	for _, v := range vs.list {
		if v.family == wire.FamilyOf(claimed.Addr()) {
			return v.Believes(claimed, referrer) && !vs.isOurs(claimed)
		}
	}
	return false
}

// isOurs reports whether one of our identities is at an address: as others see it, or as this machine does.
func (vs *vantages) isOurs(addr netip.AddrPort) bool {
	mapped := vs.mapper.State()
	return slices.ContainsFunc(vs.list, func(v *vantage) bool {
		own := v.Addr()
		return addr == v.External() || addr == own || addr == mapped.Mapped(portmap.UDP, own) ||
			addr.Port() == own.Port() && own.Addr().IsUnspecified() && v.family == wire.FamilyOf(addr.Addr()) && vs.local.has(addr.Addr())
	})
}

// asking are the identities that ask, one a family.
func (vs *vantages) asking() (ask []*vantage) {
	for i, v := range vs.list {
		if vs.index(v.Addr()) == i {
			ask = append(ask, v)
		}
	}
	return ask
}

// families reports over which address families we can ask.
func (vs *vantages) families() (v4, v6 bool) {
	for _, v := range vs.list {
		v4, v6 = v4 || v.family == wire.IPv4, v6 || v.family == wire.IPv6
	}
	return v4, v6
}

// bootstrapping reports whether the identities that ask are short of nodes of a family, and not because it is away.
func (vs *vantages) bootstrapping(now time.Time) bool {
	return slices.ContainsFunc(vs.list, func(v *vantage) bool {
		outage := v.link.current()
		return v.lacks(now) && !outage.Offline()
	})
}

// ids are our own IDs.
func (vs *vantages) ids() (ids []ID) {
	for _, v := range vs.list {
		ids = append(ids, v.ID())
	}
	return ids
}

// id is that of the identity with a number, the zero ID for none.
func (vs *vantages) id(number int) ID {
	if number < len(vs.list) {
		return vs.list[number].ID()
	}
	return ID{}
}

// seeds are the nodes closest to target in all tables.
func (vs *vantages) seeds(target ID) (seeds []wire.Contact) {
	for _, v := range vs.list {
		seeds = append(seeds, v.Closest(target, 2*lookup.DefaultK)...)
	}
	return seeds
}

// contacts returns the nodes of all tables that did not fail lately, for the crawl.
func (vs *vantages) contacts() (all []wire.Contact) {
	for _, v := range vs.list {
		_, nodes := v.Table(time.Now())
		for i := range nodes {
			if nodes[i].Fails == 0 {
				all = append(all, nodes[i].Contact)
			}
		}
	}
	return all
}

// answered returns the nodes of all tables that have answered, for the store.
func (vs *vantages) answered(now time.Time) (nodes []store.Node) {
	for _, v := range vs.list {
		_, table := v.Table(now)
		for i := range table {
			if n := &table[i]; !n.LastReply.IsZero() {
				nodes = append(nodes, store.Node{ID: n.ID, Addr: n.Addr, Client: n.Client, RTT: n.RTT,
					FirstSeen: n.FirstSeen, LastSeen: n.LastSeen()})
			}
		}
	}
	return nodes
}

// stats are the counts of all identities together.
func (vs *vantages) stats() (sum node.Stats) {
	for _, v := range vs.list {
		sum = sum.Add(v.Stats())
	}
	return sum
}

// details are what is counted of each method, of all identities together.
func (vs *vantages) details(sum *node.MethodDetails) {
	for _, v := range vs.list {
		v.AddDetails(sum)
	}
}

// mainFamily is the family whose network is measured: IPv4, or IPv6 where there is no other.
func (vs *vantages) mainFamily() wire.Family {
	if v4, _ := vs.families(); !v4 {
		return wire.IPv6
	}
	return wire.IPv4
}

// limits are those that are in force, of all identities together.
func (vs *vantages) limits() (sum Limits) {
	for _, v := range vs.list {
		sum = sum.Plus(v.Limits())
	}
	return sum
}

// blocked are the sources that flood us.
func (vs *vantages) blocked(now time.Time) (sources []netip.AddrPort) {
	for _, v := range vs.list {
		sources = append(sources, v.Blocked(now)...)
	}
	return sources
}

// nodeChecks are what the identities have found out for the doctor.
func (vs *vantages) nodeChecks(now time.Time) (n NodeChecks) {
	for _, v := range vs.list {
		v.checks.add(&n, now)
	}
	return n
}

// views are pictures of the identities and their tables.
func (vs *vantages) views(now time.Time) (views []Vantage) {
	for _, v := range vs.list {
		views = append(views, v.view(now))
	}
	return views
}

// saveTables saves the routing tables of those identities that are kept.
func (vs *vantages) saveTables(notices *notices) (err error) {
	for _, v := range vs.list {
		if v.path == "" {
			continue
		}
		_, nodes := v.Table(time.Now())
		if failed := saveTable(v.path, v.ID(), nodes, v.earlier); failed != nil {
			err = fmt.Errorf("cannot save the routing table: %w", failed)
			notices.set(aboutTable, err.Error())
		}
	}
	return err
}

func (vs *vantages) close() {
	for _, v := range vs.list {
		v.Close() //nolint:errcheck // its socket is of no more use
	}
}

// joined reports whether an identity has nodes that answer: enough of them, or some after an attempt to join.
func (vs *vantages) joined(now time.Time) bool {
	return slices.ContainsFunc(vs.list, func(v *vantage) bool {
		good, _, _ := v.Count(now)
		outage := v.link.current()
		return !outage.Offline() && (good >= enoughGood || good > 0 && v.attempts.Load() > 0)
	})
}

// phase is how far the identities have come together: one that is in is enough. views are what they look
// like now.
func (vs *vantages) phase(views []Vantage) Phase {
	tried := true
	for i, v := range vs.list {
		outage := v.link.current()
		if views[i].Good > 0 && !outage.Offline() {
			return Serving
		}
		tried = tried && (v.attempts.Load() > 0 || outage.Offline())
	}
	if tried {
		return Offline
	}
	return Joining
}

// outage is what is wrong with the network: while one family is connected, or joins, only that the other is no longer, and
// while neither does, what the first can tell. The lack of IPv6 is normal, and no outage as long as there is IPv4.
func (vs *vantages) outage() (worst Outage) {
	hope := slices.ContainsFunc(vs.list, func(v *vantage) bool {
		o := v.link.current()
		return !o.Offline()
	})
	for _, v := range vs.list {
		o := v.link.current()
		switch {
		case o.Kind == NoOutage, hope && o.Offline() && (v.family == IPv6 || !v.link.hasConnected()):
		case worst.Kind == NoOutage, worst.Kind == OtherFamily && o.Offline(), worst.Kind == Filtered && o.Offline():
			worst = o
		}
	}
	return worst
}

// lastRefused returns when the system last refused to send what an identity had to say; see link.lastRefused.
func (vs *vantages) lastRefused() (latest time.Time) {
	for _, v := range vs.list {
		if at := v.link.lastRefused(); at.After(latest) {
			latest = at
		}
	}
	return latest
}

// lastStranger returns when a stranger queried us last, zero for never; readOnly reports whether none is to.
func (vs *vantages) lastStranger() (latest time.Time, readOnly bool) {
	readOnly = true
	for _, v := range vs.list {
		readOnly = readOnly && v.Mode() == ModeReadOnly
		if at := v.LastStranger(); at.After(latest) {
			latest = at
		}
	}
	return latest, readOnly
}
