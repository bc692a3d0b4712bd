package portmap

import (
	"net/netip"
	"strings"
	"time"

	"dhtop/dhtcore/wire"
)

// Transport is what a port is of.
type Transport uint8

// The transports.
const (
	UDP Transport = iota
	TCP
)

// String returns the word for people and for UPnP.
func (t Transport) String() string {
	if t == TCP {
		return "TCP"
	}
	return "UDP"
}

// Word returns the word of the HTTP API: udp or tcp.
func (t Transport) Word() string { return strings.ToLower(t.String()) }

// protocol is the number of IP.
func (t Transport) protocol() uint8 {
	if t == TCP {
		return 6
	}
	return 17
}

// Phase is how far a Mapper has come with a router.
type Phase uint8

// The phases.
const (
	Searching Phase = iota // for a router that maps ports
	Mapped                 // a router maps ports
	Needless               // this machine has a public address
	None                   // no router maps ports; Router.Why says why
)

var phases = [...]string{"searching", "mapped", "needless", "none"}

// String returns the word of the HTTP API.
func (p Phase) String() string { return phases[p%Phase(len(phases))] }

// State is what a Mapper has reached. It is immutable; the zero value is that of no Mapper.
type State struct {
	On       bool      // ports are to be mapped
	Routers  []Router  // one an address family with a port, IPv4 first
	Mappings []Mapping // one a port, in the order of the families
}

// Router is the router of one address family.
type Router struct {
	Family   wire.Family
	Phase    Phase
	Gateway  netip.Addr // invalid while unknown
	Protocol string     // PCP, NAT-PMP or UPnP; "" while Phase is not Mapped
	Name     string     // as it calls itself; "" for no name
	External netip.Addr // of the router, as it says; invalid while it has not
	Private  bool       // it maps nothing as it has no public address: another NAT is before it, or it is offline
	Why      string     // why it maps nothing, or not all: printable; "" where it does
}

// Mapping is one port.
type Mapping struct {
	Transport Transport
	Bound     netip.AddrPort // that the socket is bound to
	Internal  netip.AddrPort // that the router forwards to; invalid while it does not
	External  netip.AddrPort // that it forwards from; invalid while it does not
	Until     time.Time      // unless it is renewed; zero for good, which old routers do
	Why       string         // why it is not mapped; "" where it is
}
