package portmap

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// side is one address family: its ports, and the router that maps them. One goroutine owns it; told and mapped are for
// Mapper.publish, under Mapper.mu.
type side struct {
	mapper *Mapper
	family wire.Family
	leases []*lease

	route    Route
	router   protocol // nil while there is none
	outer    netip.Addr
	failures int           // of router, in a row
	searched time.Time     // when a router was last searched for; zero to search now
	patience time.Duration // until the next search
	phase    Phase
	why      string

	told   Router
	mapped []Mapping
}

func (s *side) run(ctx context.Context) {
	for {
		wait := s.round(ctx)
		if ctx.Err() == nil {
			s.tell()
		}
		select {
		case <-ctx.Done():
			s.leave(context.WithoutCancel(ctx))
			return
		case <-time.After(wait):
		}
	}
}

// tell publishes what the side has reached.
func (s *side) tell() {
	told := Router{Family: s.family, Phase: s.phase, Gateway: s.route.Gateway, External: s.outer, Private: s.phase == None && s.why == string(errUnconnected), Why: s.why}
	if s.router != nil {
		told.Protocol, told.Name = s.router.word(), s.router.name()
	}
	var mapped []Mapping
	for _, l := range s.leases {
		m := Mapping{Transport: l.port.Transport, Bound: l.port.Addr, External: l.external, Until: l.until, Why: l.why}
		if l.standing() {
			m.Internal = l.internal
		}
		mapped = append(mapped, m)
	}
	s.mapper.mu.Lock()
	s.told, s.mapped = told, mapped
	s.mapper.mu.Unlock()
	s.mapper.publish()
}

// round does what is due, and returns how long nothing is.
func (s *side) round(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	check := s.mapper.net.check
	route, err := s.mapper.net.route(s.family, s.mapper.cfg.Device)
	if err == nil && route.Local.IsValid() && s.bound().IsValid() {
		route.Local = s.bound()
	}
	switch {
	case err != nil:
		s.forget(None, err.Error())
		s.route = Route{}
		return check
	case route != s.route: // another network, or another address in it
		s.forget(Searching, "")
		s.route, s.searched, s.patience = route, time.Time{}, 0
	}
	if s.family == wire.IPv4 && !behindNAT(route.Local) {
		s.forget(Needless, "")
		return check
	}
	if s.router != nil {
		s.look(ctx)
	}
	if s.router == nil {
		if !s.searched.IsZero() && time.Since(s.searched) < s.patience {
			return min(check, s.patience)
		}
		s.search(ctx)
	}
	if s.router == nil {
		return min(check, s.patience)
	}
	s.renew(ctx)
	next := check
	if s.failures > 0 {
		next = min(next, checkAgain)
	}
	for _, l := range s.leases {
		if l.standing() {
			next = min(next, max(time.Until(l.renew), 0))
		}
	}
	return max(next, min(check, renewAtLeast))
}

// bound is the address that the first port is bound to, invalid where that is all of them.
func (s *side) bound() netip.Addr {
	if a := s.leases[0].port.Addr.Addr(); !a.IsUnspecified() {
		return a
	}
	return netip.Addr{}
}

// behindNAT reports whether an IPv4 address is one that the Internet does not route.
func behindNAT(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback() || OfCarrier(a)
}

// carrier are the addresses that a provider has between itself and its customers (RFC 6598).
var carrier = netip.MustParsePrefix("100.64.0.0/10")

// OfCarrier reports whether an address is one that a provider has between itself and its customers.
func OfCarrier(a netip.Addr) bool { return carrier.Contains(a) }

// forget gives the router up, and its mappings with it.
func (s *side) forget(phase Phase, why string) {
	if s.router != nil {
		s.router.close()
	}
	s.router, s.outer, s.failures, s.phase, s.why = nil, netip.Addr{}, 0, phase, why
	for _, l := range s.leases {
		l.lost(why)
	}
}

// look checks that the router is there and still knows the mappings.
func (s *side) look(ctx context.Context) {
	outer, err := s.router.external(ctx)
	if err == nil {
		err = s.router.check(ctx, s.standing())
	}
	switch {
	case errors.Is(err, errForgotten):
		for _, l := range s.leases {
			l.renew = time.Time{} // the same external port, if it is free
		}
	case ctx.Err() != nil && s.mapperEnds(ctx):
		return
	case err != nil:
		if s.failures++; s.failures >= maxFailures {
			s.forget(Searching, "")
			s.searched = time.Time{}
		}
		return
	}
	s.failures = 0
	if outer.IsValid() {
		s.outer = outer
	}
}

func (s *side) mapperEnds(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

func (s *side) standing() (standing []*lease) {
	for _, l := range s.leases {
		if l.standing() {
			standing = append(standing, l)
		}
	}
	return standing
}

// renew maps what is not mapped and renews what has lived half of its life.
func (s *side) renew(ctx context.Context) {
	s.why = ""
	for _, l := range s.leases {
		if l.standing() && time.Now().Before(l.renew) {
			continue
		}
		if err := s.grant(ctx, l); err != nil && ctx.Err() == nil {
			if l.until.IsZero() || time.Now().After(l.until) {
				l.lost(sentence(err))
			}
			s.why = sentence(err)
		}
	}
}

// tries is how many external ports are asked for when ours is taken.
const tries = 5

// grant has one port mapped, from another external port if ours is taken.
func (s *side) grant(ctx context.Context, l *lease) (err error) {
	if a := l.port.Addr.Addr(); !a.IsUnspecified() && a != s.route.Local {
		return refusal("it is bound to " + a.String() + ", and the router knows this machine as " + s.route.Local.String())
	}
	l.internal = netip.AddrPortFrom(s.route.Local, l.port.Addr.Port())
	wish := l.port.Addr.Port()
	if l.standing() {
		wish = l.external.Port()
	}
	ctx, cancel := graceful(ctx)
	defer cancel()
	for range tries {
		if err = s.router.grant(ctx, l, wish, s.mapper.cfg.Lifetime); !errors.Is(err, errTaken) {
			return err
		}
		wish = uint16(20000 + rand.IntN(40000))
	}
	return refusal(fmt.Sprintf("the router has other uses for external port %d and others", l.port.Addr.Port()))
}

// search finds a router that maps a port: by the protocols on port 5351 first, which answer within a second.
func (s *side) search(ctx context.Context) {
	s.searched, s.phase = time.Now(), Searching
	s.tell()
	ways := []func(context.Context) (protocol, error){s.speak, s.searchUPnP}
	if s.family == wire.IPv6 {
		ways[1] = s.searchPinholes
	}
	why := "no router answers to PCP, NAT-PMP or UPnP"
	for _, way := range ways {
		p, err := way(ctx)
		if err == nil {
			s.router = p
			s.renew(ctx)
			if len(s.standing()) > 0 {
				s.outer, _ = p.external(ctx) // it has just answered
				s.phase, s.patience = Mapped, 0
				return
			}
			why = s.why
			s.forget(Searching, "")
		} else if no, ok := errors.AsType[refusal](err); ok {
			why = string(no)
		}
	}
	if ctx.Err() == nil || !s.mapperEnds(ctx) {
		s.forget(None, printable.String(why))
	}
	s.patience = min(max(2*s.patience, retryAfter), retryAtMost)
}

// graceful returns a context that outlives ctx for a moment, so that what the router grants in the end is known, and
// removed.
func graceful(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithTimeout(context.WithoutCancel(ctx), roundWithin)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() { stop(); cancel() }
}

// leave removes the mappings, as far as the router answers soon.
func (s *side) leave(ctx context.Context) {
	if s.router == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, leaveWithin)
	defer cancel()
	var all sync.WaitGroup
	for _, l := range s.standing() {
		all.Go(func() { s.router.withdraw(ctx, l) }) //nolint:errcheck // what is left behind expires
	}
	all.Wait()
	s.router.close()
}

// sentence is an error in words that may be shown.
func sentence(err error) string {
	if no, ok := errors.AsType[refusal](err); ok {
		return printable.String(string(no))
	}
	return printable.String(human.Cause(err).Error())
}
