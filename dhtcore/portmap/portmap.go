// Package portmap asks the router to let others reach our ports: by PCP (RFC 6887), NAT-PMP (RFC 6886) or UPnP (IGD 1
// and 2), for IPv6 by PCP or the pinholes of UPnP.
//
// dhtcore makes a Mapper of the ports that it listens on and shows its State. Run has a goroutine for each address
// family; what they have found stands behind one lock, held for one change. A Mapper talks to the default gateway of this
// machine and to nobody else, believes nothing that does not come from there, and reads no more of it than a router
// has to say.
package portmap

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// Port is a port of ours that others should reach.
type Port struct {
	Transport Transport
	Addr      netip.AddrPort // that the socket is bound to
}

// Config says what a Mapper maps.
type Config struct {
	Ports    []Port
	Lifetime time.Duration   // of a mapping, renewed at half of it; 0 for DefaultLifetime
	Device   *netbind.Device // to keep to; nil for none
	OnChange func()          // the State has changed; nil for nobody
}

// DefaultLifetime is how long a mapping outlives a dhtop that was killed.
const DefaultLifetime = time.Hour

// The pace of a Mapper. At rest it sends the router one packet, or one request, a minute and family.
const (
	checkEvery   = time.Minute      // whether the router still knows the mappings
	checkAgain   = 10 * time.Second // after a check without a reply: one that has restarted may serve UPnP on another port
	retryAfter   = time.Minute      // when no router maps; twice as long after each failure
	retryAtMost  = 16 * time.Minute
	renewAtLeast = 2 * time.Second        // between two renewals, however short a lifetime the router grants
	maxFailures  = 3                      // checks in a row without a reply, after which the router is searched anew
	grace        = 250 * time.Millisecond // for a request on its way, in the end
	leaveWithin  = 500 * time.Millisecond // to remove the mappings, then
	roundWithin  = 30 * time.Second       // for all requests of one round
)

// Mapper keeps ports mapped. Create it with New, then call Run.
type Mapper struct {
	cfg   Config
	net   seam
	sides []*side

	mu    sync.Mutex
	state State
}

// seam is the network as a Mapper knows it; a test has another.
type seam struct {
	route     func(wire.Family, *netbind.Device) (Route, error)
	pcpPort   uint16           // of the gateway, for PCP and NAT-PMP
	searchAt  []netip.AddrPort // of SSDP, besides the gateway
	ssdpPort  uint16
	fromLocal bool // sockets are bound to Route.Local
	check     time.Duration
	wait      time.Duration // for the first reply on pcpPort
	searchFor time.Duration // by SSDP
	request   time.Duration // that one by HTTP may take
}

// New returns a Mapper of those ports that others could reach: none on loopback.
func New(cfg Config) *Mapper {
	if cfg.Lifetime <= 0 {
		cfg.Lifetime = DefaultLifetime
	}
	return newMapper(cfg, seam{route: routeOf, pcpPort: pcpPort, ssdpPort: ssdpPort, fromLocal: true, check: checkEvery, wait: firstWait, searchFor: searchFor, request: requestTimeout,
		searchAt: []netip.AddrPort{netip.AddrPortFrom(ssdpGroup, ssdpPort)}})
}

func newMapper(cfg Config, net seam) *Mapper {
	m := &Mapper{cfg: cfg, net: net}
	for _, family := range []wire.Family{wire.IPv4, wire.IPv6} {
		s := &side{mapper: m, family: family}
		for _, p := range cfg.Ports {
			if a := p.Addr.Addr(); wire.FamilyOf(a) == family && !a.IsLoopback() {
				s.leases = append(s.leases, &lease{port: p})
			}
		}
		if len(s.leases) > 0 {
			m.sides = append(m.sides, s)
		}
	}
	m.publish()
	return m
}

// State returns what is mapped. It is immutable.
func (m *Mapper) State() State {
	if m == nil {
		return State{}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

// publish makes the State of what the sides have found. Each side hands in copies: see side.tell.
func (m *Mapper) publish() {
	m.mu.Lock()
	s := State{On: true}
	for _, side := range m.sides {
		s.Routers = append(s.Routers, side.told)
		s.Mappings = append(s.Mappings, side.mapped...)
	}
	m.state = s
	m.mu.Unlock()
	if m.cfg.OnChange != nil {
		m.cfg.OnChange()
	}
}

// Run maps the ports and keeps them mapped until ctx ends, then removes the mappings, which takes less than a second.
func (m *Mapper) Run(ctx context.Context) {
	var parts sync.WaitGroup
	for _, s := range m.sides {
		parts.Go(func() { s.run(ctx) })
	}
	parts.Wait()
}

// Mapped returns from where a router forwards to a port, an invalid address for nowhere.
func (s *State) Mapped(transport Transport, addr netip.AddrPort) netip.AddrPort {
	i := slices.IndexFunc(s.Mappings, func(m Mapping) bool { return m.Transport == transport && m.Bound == addr })
	if i < 0 {
		return netip.AddrPort{}
	}
	return s.Mappings[i].External
}
