package dhtcore

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// Holding is who has which version of a mutable item (BEP 44), as one lookup has found it.
type Holding struct {
	Target ID
	At     time.Time // when the lookup ended
	Item   *Item     // the newest valid version, its signature checked; nil if nobody has any
	// Nodes are those closest to the target that replied, eight an address family, and further nodes that had a
	// version; closest first, IPv4 before IPv6.
	Nodes []Holder
	Risk  Risk
	Err   string // why the lookup ended early, printable: the nodes say little then; "" else
}

// Holder is a node that was asked for an item.
type Holder struct {
	ID      ID
	Addr    netip.AddrPort
	Closest bool          // it is one of the nodes that should have the item
	Has     bool          // it has a valid version
	Seq     int64         // of its version
	At      time.Time     // when it replied
	RTT     time.Duration // of its reply
}

// Holders looks for the mutable item of a public key (32 bytes) and a salt (nil for none), and returns which of the
// nodes closest to it has which version. It takes as long as Get, and ends with ctx.
func (e *Explorer) Holders(ctx context.Context, key, salt []byte) Holding {
	it := Item{Key: key, Salt: salt}
	state := e.lookups.get(ctx, it.Target(), salt)
	return NewHolding(&state)
}

// NewHolding returns who has which version of an item, as a lookup by Get has found it.
func NewHolding(l *LookupState) Holding {
	h := Holding{Target: l.Target, At: l.Started.Add(l.Elapsed), Item: l.Item, Risk: l.Risk, Err: l.Err}
	for i := range l.Closest {
		h.Nodes = append(h.Nodes, newHolder(l, &l.Closest[i]))
		h.Nodes[i].Closest = true
	}
	for i := range l.Steps {
		step := &l.Steps[i]
		if step.Item && !slices.ContainsFunc(l.Closest, func(c Step) bool { return c.Contact == step.Contact }) {
			h.Nodes = append(h.Nodes, newHolder(l, step))
		}
	}
	slices.SortStableFunc(h.Nodes, func(a, b Holder) int {
		if a, b := wire.FamilyOf(a.Addr.Addr()), wire.FamilyOf(b.Addr.Addr()); a != b {
			return int(a) - int(b)
		}
		return wire.CompareDistance(l.Target, a.ID, b.ID)
	})
	return h
}

func newHolder(l *LookupState, step *Step) Holder {
	h := Holder{ID: step.ID, Addr: step.Addr, RTT: step.RTT, At: l.Started.Add(step.Asked + step.RTT)}
	if i := slices.IndexFunc(l.Holders, func(v lookup.Holder) bool { return v.Contact == step.Contact }); i >= 0 {
		h.Has, h.Seq, h.At = true, l.Holders[i].Seq, l.Started.Add(l.Holders[i].At)
	}
	return h
}

// Count returns how many of the closest nodes have the newest version, how many have an older one, and how many there
// are.
func (h *Holding) Count() (newest, older, closest int) {
	for i := range h.Nodes {
		switch n := &h.Nodes[i]; {
		case !n.Closest:
			continue
		case n.Has && n.Seq == h.Item.Seq:
			newest++
		case n.Has:
			older++
		}
		closest++
	}
	return newest, older, closest
}
