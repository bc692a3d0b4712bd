package portmap

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// What PCP has on the wire (RFC 6887).
const (
	pcpVersion  = 2
	pcpAnnounce = 0 // opcodes
	pcpMap      = 1
	pcpReply    = 0x80 // beside the opcode
	pcpHeader   = 24   // bytes, of requests and replies
	pcpMapSize  = pcpHeader + 36

	pcpUnknownVersion = 1 // result codes
	pcpUnconnected    = 7
)

// pcpResults are the result codes in words.
var pcpResults = [...]string{1: "it speaks another version of PCP", 2: "it does not allow that: port mapping is off there", 3: "it finds the request malformed",
	4: "it does not know the operation", 5: "it does not know the option", 6: "it finds an option malformed", 8: "it has no room for more mappings",
	9: "it does not map that transport", 10: "its quota for this machine is used up", 11: "it cannot provide an external port",
	12: "another NAT is between this machine and it", 13: "it is asked for too many peers"}

// pcp is a router that speaks PCP.
type pcp struct {
	gateway *gatewayConn
	local   netip.Addr
	outer   netip.Addr // of the last mapping
}

func (*pcp) word() string { return "PCP" }
func (*pcp) name() string { return "" }
func (*pcp) close()       {}

func (p *pcp) external(context.Context) (netip.Addr, error) { return p.outer, nil }

// request returns the header of a request.
func (p *pcp) request(opcode byte, life time.Duration) []byte {
	b := make([]byte, pcpHeader, pcpMapSize)
	b[0], b[1] = pcpVersion, opcode
	binary.BigEndian.PutUint32(b[4:], uint32(life/time.Second))
	client := p.local.As16()
	copy(b[8:], client[:])
	return b
}

func (p *pcp) announce() []byte { return p.request(pcpAnnounce, 0) }

// mapping returns a request for a mapping, or with a life of 0 for its end.
func (p *pcp) mapping(l *lease, wish netip.AddrPort, life time.Duration) []byte {
	b := append(p.request(pcpMap, life), l.nonce[:]...)
	b = append(b, l.port.Transport.protocol(), 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, l.internal.Port())
	b = binary.BigEndian.AppendUint16(b, wish.Port())
	outer := wish.Addr().As16()
	return append(b, outer[:]...)
}

// pcpAnswer is a reply.
type pcpAnswer struct {
	result uint8
	life   time.Duration
	epoch  uint32
	nonce  [12]byte // the rest is of a mapping
	proto  uint8
	inner  uint16
	outer  netip.AddrPort
}

// parsePCP reads a reply to an opcode, and reports whether it is one.
func parsePCP(b []byte, opcode byte) (r pcpAnswer, ok bool) {
	if len(b) < pcpHeader || b[0] != pcpVersion || b[1] != pcpReply|opcode {
		return r, false
	}
	r.result, r.epoch = b[3], binary.BigEndian.Uint32(b[8:])
	r.life = time.Duration(binary.BigEndian.Uint32(b[4:])) * time.Second
	if opcode != pcpMap {
		return r, true
	}
	if len(b) < pcpMapSize {
		return r, false
	}
	m := b[pcpHeader:]
	copy(r.nonce[:], m)
	r.proto, r.inner = m[12], binary.BigEndian.Uint16(m[16:])
	r.outer = netip.AddrPortFrom(netip.AddrFrom16([16]byte(m[20:36])).Unmap(), binary.BigEndian.Uint16(m[18:]))
	return r, true
}

// send sends a request about the mapping of l and returns the reply, or the refusal in it.
func (p *pcp) send(ctx context.Context, l *lease, wish netip.AddrPort, life time.Duration) (r pcpAnswer, err error) {
	err = p.gateway.ask(ctx, func(reply []byte) bool {
		var ok bool
		r, ok = parsePCP(reply, pcpMap)
		return ok && r.nonce == l.nonce && r.proto == l.port.Transport.protocol() && r.inner == l.internal.Port()
	}, p.mapping(l, wish, life))
	switch {
	case err != nil:
		return r, err
	case r.result == pcpUnconnected:
		return r, errUnconnected
	case r.result != 0 && int(r.result) < len(pcpResults):
		return r, refusal("the router refuses: " + pcpResults[r.result])
	case r.result != 0:
		return r, refusal(fmt.Sprintf("the router refuses with the PCP error %d", r.result))
	}
	return r, nil
}

func (p *pcp) grant(ctx context.Context, l *lease, wish uint16, life time.Duration) error {
	if l.nonce == [12]byte{} {
		rand.Read(l.nonce[:])
	}
	any := netip.IPv6Unspecified() // of the family of the client
	if p.local.Is4() {
		any = netip.AddrFrom16(netip.IPv4Unspecified().As16())
	}
	if l.standing() {
		any = l.external.Addr()
	}
	r, err := p.send(ctx, l, netip.AddrPortFrom(any, wish), life)
	if err != nil {
		return err
	}
	if r.life == 0 || !sensible(r.outer) || r.outer.Addr().Is4() != p.local.Is4() {
		return errNonsense
	}
	p.outer = r.outer.Addr()
	l.granted(r.outer, r.life, life, time.Now())
	return nil
}

// sensible reports whether others can be behind an external address.
func sensible(a netip.AddrPort) bool {
	ip := a.Addr()
	return a.Port() != 0 && ip.IsValid() && !ip.IsUnspecified() && !ip.IsMulticast() && !ip.IsLoopback()
}

func (p *pcp) withdraw(ctx context.Context, l *lease) error {
	_, err := p.send(ctx, l, l.external, 0)
	return err
}

// check looks at the clock of the router.
func (p *pcp) check(ctx context.Context, _ []*lease) error {
	var r pcpAnswer
	err := p.gateway.ask(ctx, func(reply []byte) (ok bool) {
		r, ok = parsePCP(reply, pcpAnnounce)
		return ok
	}, p.announce())
	if err == nil && p.gateway.epoch.restarted(r.epoch, time.Now()) {
		return errForgotten
	}
	return err
}
