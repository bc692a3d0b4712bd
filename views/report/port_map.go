package report

import (
	"net/netip"

	"dhtop/dhtcore"
)

// PortMap is what the routers forward to this machine.
type PortMap struct {
	Routers  []PortMapRouter `json:"routers"` // one an address family
	Mappings []PortMapping   `json:"mappings"`
}

// PortMapRouter is the router of one address family.
type PortMapRouter struct {
	Family   string  `json:"family"`   // IPv4 or IPv6
	Phase    string  `json:"phase"`    // searching, mapped, needless (this machine has a public address) or none
	Gateway  *string `json:"gateway"`  // its address here; null while unknown
	Protocol *string `json:"protocol"` // PCP, NAT-PMP or UPnP; null unless the phase is mapped
	Name     *string `json:"name"`     // as it calls itself; null where it does not
	External *string `json:"external"` // its address on the other side; null where it does not say
	Why      *string `json:"why"`      // it maps nothing, or not all; null where it does
}

// PortMapping is one of our ports.
type PortMapping struct {
	Transport string     `json:"transport"` // udp or tcp
	Addr      string     `json:"addr"`      // that the socket is bound to
	Internal  *string    `json:"internal"`  // that the router forwards to; null while it does not
	External  *string    `json:"external"`  // that it forwards from; null while it does not
	Until     *timestamp `json:"until"`     // unless it is renewed; null while it is not mapped, and for good
	Why       *string    `json:"why"`       // it is not mapped; null where it is
}

// newPortMap returns the JSON form of what is mapped, nil where nothing is to be.
func newPortMap(s *dhtcore.PortMapState, o Options) *PortMap {
	if !s.On {
		return nil
	}
	ip := func(a netip.Addr) *string {
		if !a.IsValid() {
			return nil
		}
		return nullable(o.Text(a.String()))
	}
	addr := func(a netip.AddrPort) *string {
		if !a.IsValid() {
			return nil
		}
		return nullable(o.addr(a))
	}
	p := &PortMap{Routers: []PortMapRouter{}, Mappings: []PortMapping{}}
	for i := range s.Routers {
		r := &s.Routers[i]
		p.Routers = append(p.Routers, PortMapRouter{Family: r.Family.String(), Phase: r.Phase.String(), Gateway: ip(r.Gateway), Protocol: nullable(r.Protocol),
			Name: nullable(r.Name), External: ip(r.External), Why: nullable(o.Text(r.Why))})
	}
	for i := range s.Mappings {
		m := &s.Mappings[i]
		out := PortMapping{Transport: m.Transport.Word(), Addr: o.addr(m.Bound), Internal: addr(m.Internal), External: addr(m.External), Why: nullable(o.Text(m.Why))}
		if !m.Until.IsZero() {
			until := timestamp(m.Until)
			out.Until = &until
		}
		p.Mappings = append(p.Mappings, out)
	}
	return p
}
