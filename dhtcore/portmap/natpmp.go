package portmap

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// What NAT-PMP has on the wire (RFC 6886). The library go-nat-pmp opens its sockets itself, so that they cannot be kept to
// an interface, and hides the clock of the router.
const (
	natPMPVersion = 0
	natPMPAddress = 0 // opcodes; a transport's is 1 more than its number
	natPMPReply   = 0x80

	natPMPOtherVersion = 1 // result codes
	natPMPUnconnected  = 3
)

// natPMPResults are the result codes in words.
var natPMPResults = [...]string{1: "it speaks another version of NAT-PMP", 2: "it does not allow that: port mapping is off there",
	4: "it has no room for more mappings", 5: "it does not know the operation"}

// natPMP is a router that speaks NAT-PMP.
type natPMP struct {
	gateway *gatewayConn
	outer   netip.Addr
	seconds uint32 // of the last reply
}

func (*natPMP) word() string { return "NAT-PMP" }
func (*natPMP) name() string { return "" }
func (*natPMP) close()       {}

// natPMPAnswer reads the result and the clock of a reply to an opcode, and reports whether it is one.
func natPMPAnswer(b []byte, opcode byte, size int) (result uint16, seconds uint32, ok bool) {
	if len(b) < 8 || b[0] != natPMPVersion || b[1] != natPMPReply|opcode {
		return 0, 0, false
	}
	result, seconds = binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:])
	return result, seconds, result != 0 || len(b) >= size
}

// takeAddress takes in a reply about the external address, and reports whether it is one that has it.
func (p *natPMP) takeAddress(b []byte) bool {
	result, seconds, ok := natPMPAnswer(b, natPMPAddress, 12)
	if !ok || result != 0 {
		return false
	}
	p.seconds, p.outer = seconds, netip.AddrFrom4([4]byte(b[8:12]))
	if p.outer.IsUnspecified() {
		p.outer = netip.Addr{}
	}
	return true
}

func (p *natPMP) external(ctx context.Context) (netip.Addr, error) {
	err := p.gateway.ask(ctx, p.takeAddress, []byte{natPMPVersion, natPMPAddress})
	return p.outer, err
}

// send sends a request about the mapping of l, and returns the external port and the time that the router grants.
func (p *natPMP) send(ctx context.Context, l *lease, wish uint16, life time.Duration) (port uint16, granted time.Duration, err error) {
	opcode := byte(l.port.Transport) + 1
	request := []byte{natPMPVersion, opcode, 0, 0}
	request = binary.BigEndian.AppendUint16(request, l.internal.Port())
	request = binary.BigEndian.AppendUint16(request, wish)
	request = binary.BigEndian.AppendUint32(request, uint32(life/time.Second))
	result := uint16(0)
	err = p.gateway.ask(ctx, func(b []byte) (ok bool) {
		if result, _, ok = natPMPAnswer(b, opcode, 16); !ok || result != 0 {
			return ok
		}
		port, granted = binary.BigEndian.Uint16(b[10:]), time.Duration(binary.BigEndian.Uint32(b[12:]))*time.Second
		return binary.BigEndian.Uint16(b[8:]) == l.internal.Port()
	}, request)
	if err == nil {
		err = natPMPRefusal(result)
	}
	if err != nil {
		return 0, 0, err
	}
	return port, granted, nil
}

// natPMPRefusal is the error of a result code, nil for success.
func natPMPRefusal(result uint16) error {
	switch {
	case result == 0:
		return nil
	case result == natPMPUnconnected:
		return errUnconnected
	case int(result) < len(natPMPResults):
		return refusal("the router refuses: " + natPMPResults[result])
	}
	return refusal(fmt.Sprintf("the router refuses with the NAT-PMP error %d", result))
}

func (p *natPMP) grant(ctx context.Context, l *lease, wish uint16, life time.Duration) error {
	port, granted, err := p.send(ctx, l, wish, life)
	if err != nil {
		return err
	}
	if !p.outer.IsValid() {
		return errUnconnected
	}
	external := netip.AddrPortFrom(p.outer, port)
	if granted == 0 || !sensible(external) {
		return errNonsense
	}
	l.granted(external, granted, life, time.Now())
	return nil
}

func (p *natPMP) withdraw(ctx context.Context, l *lease) error {
	_, _, err := p.send(ctx, l, 0, 0)
	return err
}

// check looks at the clock of the router, as external has left it, and at its address.
func (p *natPMP) check(_ context.Context, leases []*lease) error {
	if p.gateway.epoch.restarted(p.seconds, time.Now()) {
		return errForgotten
	}
	for _, l := range leases {
		if l.external.Addr() != p.outer {
			return errForgotten // another address: it has been connected anew
		}
	}
	return nil
}
