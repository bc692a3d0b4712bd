package portmap

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/huin/goupnp/dcps/internetgateway2"

	"dhtop/dhtcore/wire"
)

// maxPinhole is the longest life of a pinhole (WANIPv6FirewallControl).
const maxPinhole = 24 * time.Hour

// upnpNoSuchPinhole is the error code of a pinhole that is not there, or no longer.
const upnpNoSuchPinhole = 704

// pinholes is a router that opens its IPv6 firewall by UPnP.
type pinholes struct {
	web   *gatewayWeb
	model string
	*internetgateway2.WANIPv6FirewallControl1
}

func (*pinholes) word() string   { return "UPnP" }
func (p *pinholes) name() string { return p.model }
func (p *pinholes) close()       { p.web.CloseIdleConnections() }

// searchPinholes finds a router with an IPv6 firewall that programs may open. The router describes itself over IPv4. It is
// then asked over IPv6 if it answers there: miniupnpd, for one, opens its firewall only to the address that asks.
func (s *side) searchPinholes(ctx context.Context) (protocol, error) {
	route, err := s.mapper.net.route(wire.IPv4, s.mapper.cfg.Device)
	if err != nil {
		return nil, errSilent
	}
	local := route.Local
	if !s.mapper.net.fromLocal {
		local = netip.Addr{}
	}
	client, web := webClient(route.Gateway, local, s.mapper.cfg.Device, s.mapper.net.request)
	var found *pinholes
	failed := errSilent
	err = s.discover(ctx, route.Gateway, route.Local, func(place *url.URL) bool {
		root, err := describe(ctx, client, place)
		if err != nil {
			failed = err
			return false
		}
		all, err := internetgateway2.NewWANIPv6FirewallControl1ClientsFromRootDevice(root, place)
		if err != nil {
			failed = refusal("the router does not open its IPv6 firewall by UPnP")
		}
		for _, c := range all {
			through := s.askOverIPv6(ctx, c)
			if through == nil {
				through, c.SOAPClient.HTTPClient, c.SOAPClient.EndpointURL = web, *client, c.Service.ControlURL.URL
			}
			enabled, allowed, err := c.GetFirewallStatusCtx(ctx)
			switch {
			case err != nil:
				failed = upnpError(err)
			case enabled && !allowed:
				failed = refusal("the router's IPv6 firewall is closed to programs")
			default:
				found = &pinholes{through, modelOf(root), c}
				return true
			}
		}
		return false
	})
	switch {
	case found != nil:
		return found, nil
	case errors.Is(err, context.DeadlineExceeded):
		err = failed
	}
	return nil, err
}

// askOverIPv6 makes a client ask the router at its IPv6 address, from the one of ours that the ports are at, on the port that
// the router has named. It returns nil if nobody answers there.
func (s *side) askOverIPv6(ctx context.Context, c *internetgateway2.WANIPv6FirewallControl1) *gatewayWeb {
	if !s.route.Gateway.Is6() {
		return nil
	}
	client, web := webClient(s.route.Gateway, s.localOfSockets(), s.mapper.cfg.Device, s.mapper.net.request)
	at := c.Service.ControlURL.URL
	at.Host = net.JoinHostPort(s.route.Gateway.String(), cmp.Or(at.Port(), "80"))
	c.SOAPClient.HTTPClient, c.SOAPClient.EndpointURL = *client, at
	if _, _, err := c.GetFirewallStatusCtx(ctx); err != nil {
		web.CloseIdleConnections()
		return nil
	}
	return web
}

// external implements protocol: there is no other address than ours.
func (p *pinholes) external(context.Context) (netip.Addr, error) { return netip.Addr{}, nil }

func (p *pinholes) grant(ctx context.Context, l *lease, _ uint16, life time.Duration) (err error) {
	life = min(life, maxPinhole)
	if l.standing() {
		err = p.UpdatePinholeCtx(ctx, l.pinhole, uint32(life/time.Second))
		if err == nil {
			l.granted(l.internal, life, life, time.Now())
		}
		if codeOf(err) == 0 {
			return upnpError(err)
		}
	}
	l.pinhole, err = p.AddPinholeCtx(ctx, "", 0, l.internal.Addr().String(), l.internal.Port(), uint16(l.port.Transport.protocol()), uint32(life/time.Second))
	if err != nil {
		return upnpError(err)
	}
	l.granted(l.internal, life, life, time.Now())
	return nil
}

func (p *pinholes) withdraw(ctx context.Context, l *lease) error {
	return p.DeletePinholeCtx(ctx, l.pinhole)
}

// check asks for the packets of the first pinhole.
func (p *pinholes) check(ctx context.Context, leases []*lease) error {
	if len(leases) == 0 {
		return nil
	}
	switch _, err := p.GetPinholePacketsCtx(ctx, leases[0].pinhole); {
	case codeOf(err) == upnpNoSuchPinhole:
		return errForgotten
	case codeOf(err) != 0 || err == nil: // or it does not tell
		return nil
	default:
		return upnpError(err)
	}
}
