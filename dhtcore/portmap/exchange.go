package portmap

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"
)

// pcpPort is where routers listen for PCP and NAT-PMP.
const pcpPort = 5351

// How long a reply is waited for before the request is sent again, twice as long each time. RFC 6886 goes on to 64 s: a
// router in the same house has answered long before.
const (
	firstWait = 250 * time.Millisecond
	attempts  = 3
)

// maxReply is what is read of a reply: PCP allows 1,100 bytes (RFC 6887).
const maxReply = 1100

// errSilent is that a router says nothing.
var errSilent = errors.New("the router does not answer")

// gatewayConn asks the port of a gateway for PCP and NAT-PMP. Each request has a socket of its own, which takes packets from
// there alone.
type gatewayConn struct {
	dial  func(ctx context.Context) (net.Conn, error)
	wait  time.Duration // for the first reply
	epoch epoch
}

// ask sends the requests until accept takes a reply, or nobody answers. A packet that accept refuses is as if it had not
// come.
func (g *gatewayConn) ask(ctx context.Context, accept func(reply []byte) bool, requests ...[]byte) error {
	conn, err := g.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) }) //nolint:errcheck // a closed one waits no longer
	defer stop()
	buf := make([]byte, maxReply)
	for attempt := range attempts {
		for _, request := range requests {
			if _, err := conn.Write(request); err != nil {
				return unreachable(ctx, err)
			}
		}
		conn.SetReadDeadline(time.Now().Add(g.wait << attempt)) //nolint:errcheck // as above
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for {
			n, err := conn.Read(buf)
			if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
				break
			}
			if err != nil {
				return unreachable(ctx, err)
			}
			if accept(buf[:n]) {
				return nil
			}
		}
	}
	return unreachable(ctx, errSilent)
}

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// epoch is the clock of a router, which shows that it has restarted and forgotten its mappings.
type epoch struct {
	seconds uint32
	at      time.Time // zero before the first reply
}

// restarted takes in the clock of a reply, and reports whether it runs behind the last one: by more than an eighth of the
// time since then and two seconds (RFC 6886, section 3.6).
func (e *epoch) restarted(seconds uint32, now time.Time) bool {
	behind := !e.at.IsZero() && float64(seconds)+2 < float64(e.seconds)+now.Sub(e.at).Seconds()*7/8
	e.seconds, e.at = seconds, now
	return behind
}

// speak opens the protocol that the gateway speaks on its port: PCP, or else NAT-PMP.
func (s *side) speak(ctx context.Context) (protocol, error) {
	g := &gatewayConn{wait: s.mapper.net.wait, dial: func(ctx context.Context) (net.Conn, error) {
		d := s.mapper.cfg.Device.Dialer()
		if s.mapper.net.fromLocal {
			d.LocalAddr = net.UDPAddrFromAddrPort(netip.AddrPortFrom(s.route.Local, 0))
		}
		return d.DialContext(ctx, "udp", netip.AddrPortFrom(s.route.Gateway, s.mapper.net.pcpPort).String())
	}}
	pcp, old := &pcp{gateway: g, local: s.route.Local}, &natPMP{gateway: g}
	requests := [][]byte{pcp.announce()}
	if s.route.Local.Is4() {
		requests = append(requests, []byte{natPMPVersion, natPMPAddress})
	}
	speaksPCP, speaksOld := false, false
	var refused error // by NAT-PMP: a router without a public address does not tell it
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := g.ask(ctx, func(reply []byte) bool {
		if r, ok := parsePCP(reply, pcpAnnounce); ok && r.result != pcpUnknownVersion {
			speaksPCP = true
			g.epoch.restarted(r.epoch, time.Now())
			return true
		}
		if speaksOld || refused != nil {
			return false
		}
		result, _, ok := natPMPAnswer(reply, natPMPAddress, 12)
		if ok && result != natPMPOtherVersion { // that answers the request for PCP
			refused, speaksOld = natPMPRefusal(result), old.takeAddress(reply)
			time.AfterFunc(preferPCP, cancel)
		}
		return false
	}, requests...)
	switch {
	case speaksPCP:
		return pcp, nil
	case speaksOld:
		g.epoch.restarted(old.seconds, time.Now())
		return old, nil
	case refused != nil:
		return nil, refused
	}
	return nil, err
}

// preferPCP is how long a router that speaks NAT-PMP may take to show that it speaks PCP as well.
const preferPCP = 100 * time.Millisecond
