package dhtcore

import (
	"net/netip"

	"dhtop/dhtcore/portmap"
)

// The phases of a PortMapRouter.
const (
	PortMapSearching = portmap.Searching
	PortMapped       = portmap.Mapped
	PortMapNeedless  = portmap.Needless
	PortMapNone      = portmap.None
)

// openMapper makes the mapper of the ports that we listen on.
func (e *Explorer) openMapper() {
	if !e.cfg.PortMap || e.cfg.Demo != nil {
		return
	}
	e.mapper = portmap.New(portmap.Config{Ports: e.ports(), Device: e.device, OnChange: func() { e.changes.Add(1) }})
	e.snapshots.mapper, e.vantages.mapper = e.mapper, e.mapper
}

// ports are those that others should reach: of the identities, unless they answer nobody, and of the tracker. The HTTP API
// is for us alone.
func (e *Explorer) ports() (ports []portmap.Port) {
	if !e.cfg.ReadOnly {
		for _, v := range e.vantages.list {
			ports = append(ports, portmap.Port{Transport: portmap.UDP, Addr: v.Addr()})
		}
	}
	if e.tracker == nil {
		return ports
	}
	for _, addr := range e.tracker.UDPAddrs() {
		ports = append(ports, portmap.Port{Transport: portmap.UDP, Addr: addr})
	}
	if addr := e.tracker.HTTPAddr(); addr.IsValid() {
		ports = append(ports, portmap.Port{Transport: portmap.TCP, Addr: addr})
		if addr.Addr() == netip.IPv6Unspecified() { // such a listener takes connections over IPv4 too
			ports = append(ports, portmap.Port{Transport: portmap.TCP, Addr: netip.AddrPortFrom(netip.IPv4Unspecified(), addr.Port())})
		}
	}
	return ports
}
