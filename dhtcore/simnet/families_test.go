package simnet

import (
	"context"
	"math"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// both asks two planets, the nodes of the second of which have IPv6 addresses.
type both [2]*survey

// six returns the contact at the IPv6 address that stands for its IPv4 address, in a /64 of its own.
func six(c wire.Contact) wire.Contact {
	ip := c.Addr.Addr().As4()
	return wire.Contact{ID: c.ID, Addr: netip.AddrPortFrom(netip.AddrFrom16([16]byte{0x24, 1, 4: ip[0], 5: ip[1], 6: ip[2], 7: ip[3], 15: 1}), c.Addr.Port())}
}

// four undoes six.
func four(c wire.Contact) wire.Contact {
	ip := c.Addr.Addr().As16()
	return wire.Contact{ID: c.ID, Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte(ip[4:8])), c.Addr.Port())}
}

// Admit implements lookup.Querier.
func (b both) Admit(ctx context.Context, to netip.AddrPort) error { return b[0].Admit(ctx, to) }

// Ask implements lookup.Querier.
func (b both) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if to.Addr.Addr().Is4() {
		return b[0].Ask(ctx, to, q)
	}
	r, err := b[1].Ask(ctx, four(to), q)
	for i := range r.Nodes {
		r.Nodes[i] = six(r.Nodes[i])
	}
	if err == nil {
		r.From = six(r.From)
	}
	return r, err
}

func TestTheTwoFamiliesAreSweptAndMeasuredEachForItself(t *testing.T) {
	a, b := DefaultPlanet(6_000), DefaultPlanet(3_000)
	b.Seed = 1
	planets := [2]*Planet{NewPlanet(a), NewPlanet(b)}
	synctest.Test(t, func(t *testing.T) {
		var s both
		var known []wire.Contact
		for i := range s {
			s[i] = newSurvey(planets[i], VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
		}
		known = slices.Clone(s[0].table)
		for _, c := range s[1].table {
			known = append(known, six(c))
		}
		c := crawl.New(crawl.Config{Querier: s, OnAnswer: s[0].take, Contacts: func() []wire.Contact { return slices.Clone(known) }})
		c.SetRunning(true)
		st := s[0].sweep(c, time.Hour)
		for i, size := range []lookup.Size{st.Recapture, st.Recapture6} {
			live := float64(planets[i].live)
			if once, _ := s[i].once(); once < 0.94 {
				t.Errorf("%.3f of the nodes of family %d were visited once", once, i)
			}
			if size.Nodes == 0 || math.Abs(size.Nodes/live-1) > 0.15 || size.High > 1.5*size.Low {
				t.Errorf("family %d: %+v of %.0f", i, size, live)
			}
		}
	})
}
