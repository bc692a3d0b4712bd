package lookup_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// eclipse runs lookups in a network of 4,000 nodes. replace replaces the closest ones of the last lookup,
// whose risk is returned.
func eclipse(t *testing.T, replace func(target wire.ID, i int, c wire.Contact) wire.Contact) (risk lookup.Risk) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	var all []wire.Contact
	for range 4000 {
		var id wire.ID
		for i := range id {
			id[i] = byte(r.Uint32())
		}
		c := public(id, byte(20+r.IntN(50)), byte(r.Uint32()), byte(r.Uint32()), 1)
		c.ID = wire.MakeSecure(c.ID, c.Addr.Addr())
		all = append(all, c)
	}
	closest := func(target wire.ID) []wire.Contact { return lookup.ClosestOf(all, target, 8) }
	synctest.Test(t, func(t *testing.T) {
		shared := lookup.NewShared()
		for i := range 12 {
			var target wire.ID // in a region of its own, so that no node is met twice
			target[0] = byte(20 * i)
			near := closest(target)
			if i == 11 {
				for j := range near {
					near[j] = replace(target, j, near[j])
				}
			}
			q := script(func(to wire.Contact) (wire.Reply, error) {
				return wire.Reply{From: to, RTT: 20 * time.Millisecond, Nodes: near}, nil
			})
			s := lookup.New(lookup.Config{Target: target, Method: wire.FindNode, Querier: q, Shared: shared,
				Seeds: []wire.Contact{near[7]}}).Run(context.Background())
			risk = s.Risk
		}
	})
	return risk
}

func TestAnEclipseIsSuspected(t *testing.T) {
	same := func(_ wire.ID, _ int, c wire.Contact) wire.Contact { return c }
	near := func(target wire.ID, i int) wire.ID {
		target[6] ^= byte(i + 1)
		return target
	}
	for _, c := range []struct {
		name    string
		replace func(wire.ID, int, wire.Contact) wire.Contact
		level   lookup.RiskLevel
		reason  string
	}{
		{"an honest network", same, lookup.LowRisk, ""},
		{"nodes made for the target", func(target wire.ID, i int, c wire.Contact) wire.Contact {
			c.ID = near(target, i)
			return c
		}, lookup.HighRisk, "times as close"},
		{"nodes of two networks", func(_ wire.ID, i int, c wire.Contact) wire.Contact {
			c.Addr = public(c.ID, 90, 1, byte(i%3), byte(i+1)).Addr
			return c
		}, lookup.HighRisk, "in 3 networks"},
		{"IDs that BEP 42 does not allow", func(_ wire.ID, i int, c wire.Contact) wire.Contact {
			c.Addr = public(c.ID, 91, byte(i), 1, 1).Addr
			return c
		}, lookup.HighRisk, "none of the closest nodes has an ID"},
		{"IDs of which BEP 42 allows a quarter", func(_ wire.ID, i int, c wire.Contact) wire.Contact {
			if i%4 > 0 {
				c.Addr = public(c.ID, 91, byte(i), 1, 1).Addr
			}
			return c
		}, lookup.MediumRisk, "only 25 %"},
	} {
		risk := eclipse(t, c.replace)
		if risk.Level != c.level || !strings.Contains(strings.Join(risk.Reasons, "; "), c.reason) {
			t.Errorf("%s: %s, %q", c.name, risk.Level, risk.Reasons)
		}
	}
}

// An immutable item stops the lookup before the closest nodes are known, so nothing follows for the network.
func TestALookupThatStopsEarlyDoesNotMeasureTheNetwork(t *testing.T) {
	it := &wire.Item{Value: []byte("5:hello")}
	shared := lookup.NewShared()
	q := script(func(to wire.Contact) (wire.Reply, error) {
		item := *it
		return wire.Reply{From: to, RTT: time.Millisecond, Item: &item}, nil
	})
	var seeds []wire.Contact
	for i := range byte(16) {
		seeds = append(seeds, public(wire.ID{i + 1}, 30, i, 1, 1))
	}
	s := lookup.New(lookup.Config{Target: it.Target(), Method: wire.Get, Querier: q, Shared: shared, Seeds: seeds}).Run(context.Background())
	if s.Item == nil || s.Risk.Level != lookup.LowRisk || shared.NetworkSize(wire.IPv4).Lookups != 0 {
		t.Errorf("item %v, risk %+v, size %+v", s.Item, s.Risk, shared.NetworkSize(wire.IPv4))
	}
}
