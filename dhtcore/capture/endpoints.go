package capture

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/wire"
)

// endpoints counts who takes part in the messages of a capture, to guess which of them are ours.
type endpoints struct {
	seen        map[netip.AddrPort]*endpoint
	messages    [2]uint64 // by family
	directed    [2]uint64 // of them, those of which the capture tells the direction
	first, last time.Time
	dropped     uint64 // endpoints with so few messages were forgotten
}

// endpoint is an address and port.
type endpoint struct {
	addr     netip.AddrPort
	id       wire.ID // of its last message
	messages uint64  // from and to it
	local    uint64  // of them, those that it was on the capturing side of
}

// maxOurs is how many identities a node of ours has at one address.
const maxOurs = 8

// maxEndpoints bounds what is remembered while the capture is read, 20 MB.
const maxEndpoints = 1 << 17

func newEndpoints() *endpoints { return &endpoints{seen: make(map[netip.AddrPort]*endpoint)} }

func (s *endpoints) add(d *pcapng.Datagram, m *wire.Message) {
	if !d.At.IsZero() {
		if s.first.IsZero() || d.At.Before(s.first) {
			s.first = d.At
		}
		if d.At.After(s.last) {
			s.last = d.At
		}
	}
	family := wire.FamilyOf(d.From.Addr())
	s.messages[family]++
	from, to := s.of(d.From), s.of(d.To)
	from.messages++
	to.messages++
	if m.HasID {
		from.id = m.ID
	}
	switch d.Way {
	case pcapng.Inbound:
		s.directed[family]++
		to.local++
	case pcapng.Outbound:
		s.directed[family]++
		from.local++
	}
}

// of returns the endpoint of an address. Where there are too many it forgets those with the fewest messages.
func (s *endpoints) of(addr netip.AddrPort) *endpoint {
	if e := s.seen[addr]; e != nil {
		return e
	}
	for len(s.seen) >= maxEndpoints {
		s.dropped++
		for a, e := range s.seen {
			if e.messages <= s.dropped {
				delete(s.seen, a)
			}
		}
	}
	e := &endpoint{addr: addr, messages: s.dropped}
	s.seen[addr] = e
	return e
}

// Shares of the messages of a family.
const (
	nearlyMost = 0.9 // of the most that an endpoint has: as many, as far as a guess goes
	half       = 0.5
	further    = 0.2 // another identity at our address has so many at least
)

// ours returns the endpoints that are taken for this node, those of IPv4 first: the one with most messages in each family, a
// local address where two have as many, and others at the same address. wanted says which address it is, and maybe which port.
func (s *endpoints) ours(wanted netip.AddrPort) (chosen []*endpoint) {
	wanted = netip.AddrPortFrom(wanted.Addr().Unmap(), wanted.Port())
	var all [2][]*endpoint
	for _, e := range s.seen {
		if f := wire.FamilyOf(e.addr.Addr()); !wanted.IsValid() || wanted.Addr() == e.addr.Addr() && (wanted.Port() == 0 || wanted == e.addr) {
			all[f] = append(all[f], e)
		}
	}
	main := wire.IPv4
	if s.messages[wire.IPv6] > s.messages[wire.IPv4] {
		main = wire.IPv6
	}
	for _, family := range [...]wire.Family{wire.IPv4, wire.IPv6} {
		candidates := all[family]
		if len(candidates) == 0 {
			continue
		}
		score := s.scoreOf(family)
		best := s.best(candidates, score)
		messages := float64(s.messages[family])
		if !wanted.IsValid() && family != main && float64(score(best)) < half*messages {
			continue // it may be anybody
		}
		chosen = append(chosen, best)
		covered := float64(score(best))
		for _, e := range candidates {
			// Identities of ours do not ask each other, so no message is of two of them.
			if n := float64(score(e)); e != best && e.addr.Addr() == best.addr.Addr() && n >= further*messages && covered+n <= messages && len(chosen) < maxOurs {
				covered += n
				chosen = append(chosen, e)
			}
		}
	}
	return chosen
}

// scoreOf returns what tells our endpoints from others in a family.
func (s *endpoints) scoreOf(family wire.Family) func(*endpoint) uint64 {
	if float64(s.directed[family]) > half*float64(s.messages[family]) {
		return func(e *endpoint) uint64 { return e.local }
	}
	return func(e *endpoint) uint64 { return e.messages }
}

// best returns the endpoint with the highest score, and sorts all by it.
func (s *endpoints) best(all []*endpoint, score func(*endpoint) uint64) *endpoint {
	slices.SortFunc(all, func(a, b *endpoint) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), a.addr.Compare(b.addr))
	})
	for _, e := range all {
		if float64(score(e)) < nearlyMost*float64(score(all[0])) {
			break
		}
		if wire.Local(e.addr.Addr()) {
			return e
		}
	}
	return all[0]
}
