package dhtcore

import (
	"context"
	"net/netip"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// bothFamilies asks for contacts of both address families (BEP 32).
const bothFamilies = wire.WantNodes | wire.WantNodes6

// siblings are two identities, one of each address family. As a lookup.Querier they ask each node over its own.
type siblings struct{ one, other *vantage }

func (p siblings) of(addr netip.AddrPort) *vantage {
	if p.other.family == wire.FamilyOf(addr.Addr()) {
		return p.other
	}
	return p.one
}

// Admit implements lookup.Querier.
func (p siblings) Admit(ctx context.Context, to netip.AddrPort) error { return p.of(to).Admit(ctx, to) }

// Ask implements lookup.Querier.
func (p siblings) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	return p.of(to.Addr).Ask(ctx, to, q)
}

// lacks reports whether the identity has not met enough nodes of its family.
func (v *vantage) lacks(now time.Time) bool {
	good, _, _ := v.Count(now)
	return good < enoughGood
}

// wanted are the families to ask a bootstrap host for: both while the other one lacks nodes too.
func (v *vantage) wanted() wire.Want {
	if v.sibling == nil || !v.sibling.lacks(time.Now()) {
		return 0
	}
	return bothFamilies
}

// joinFrom looks up our own neighbourhood from seeds. BEP 32 has a dual-stack node request both families while it
// bootstraps, and only then: the lookup runs over both while the other one lacks nodes too, or as it is all that we have
// to start from. more hands over further seeds.
func (l *lookups) joinFrom(ctx context.Context, v *vantage, seeds []wire.Contact, more func(context.Context, func([]wire.Contact))) LookupState {
	cfg := lookup.Config{Target: v.ID(), Method: wire.FindNode, Querier: v, Families: v.family.Want()}
	if v.sibling != nil && (!hasFamily(seeds, v.family) || v.sibling.lacks(time.Now())) {
		cfg.Querier, cfg.Families, cfg.Want = siblings{v, v.sibling}, 0, bothFamilies
	}
	cfg.More = func(ctx context.Context, found func([]wire.Contact)) { // nobody vouches for what was saved, or is named
		found(seeds)
		more(ctx, found)
	}
	_, state := l.runOrJoin(ctx, cfg)
	return state
}

// hasFamily reports whether one of the contacts is of a family.
func hasFamily(contacts []wire.Contact, family wire.Family) bool {
	for _, c := range contacts {
		if wire.FamilyOf(c.Addr.Addr()) == family {
			return true
		}
	}
	return false
}

// overFamily returns how many nodes of a family a lookup asked, and whether some of them replied, or answered something else.
func overFamily(s *LookupState, family wire.Family) (asked int, replied, lied bool) {
	for i := range s.Steps {
		if step := &s.Steps[i]; wire.FamilyOf(step.Addr.Addr()) == family {
			asked++
			replied, lied = replied || step.State == lookup.Replied, lied || step.State == lookup.Lied
		}
	}
	return asked, replied, lied
}

// The pauses between two searches for our family through the nodes of the other: a host without IPv6 has it to no avail.
const (
	firstCrossing = firstPause
	lastCrossing  = 15 * time.Minute
)

// crossing paces these searches. Its identity's bootstrapper alone uses it.
type crossing struct {
	pause time.Duration
	next  time.Time
}

// seeds returns nodes of the other family to start from, if they may know some of ours and it is time to ask them.
func (c *crossing) seeds(v *vantage, now time.Time) []wire.Contact {
	if v.sibling == nil || now.Before(c.next) {
		return nil
	}
	seeds := v.sibling.Closest(v.ID(), table.K)
	if len(seeds) > 0 {
		c.pause = min(max(2*c.pause, firstCrossing), lastCrossing)
		c.next = now.Add(c.pause)
	}
	return seeds
}
