package tracker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/udp"
	"dhtop/dhtcore/wire"
)

// The actions and lengths of BEP 15, in bytes.
const (
	actionConnect = iota
	actionAnnounce
	actionScrape
	actionError

	protocolID  = 0x41727101980
	headLen     = 16
	announceLen = 98
	maxScrape   = 74

	batchSize = 64
	packetLen = 2048
	maxReply  = 1400 // below every usual MTU
)

// listenUDP opens a socket an address family of addr.
func (t *Tracker) listenUDP(addr string) error {
	a, err := t.cfg.Device.ListenAddr(context.Background(), addr)
	if err != nil {
		return listenError("--tracker-udp", addr, err)
	}
	ips := []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	if a.Addr().IsValid() {
		ips = []netip.Addr{a.Addr()}
	}
	port := a.Port()
	for i, ip := range ips {
		s, err := udp.ListenOn(t.cfg.Device, netip.AddrPortFrom(ip, port), batchSize)
		if err != nil && i > 0 {
			break // without IPv6
		}
		if err != nil {
			return listenError("--tracker-udp", addr, err)
		}
		t.sockets = append(t.sockets, s)
		port = s.LocalAddr().Port()
	}
	return nil
}

// listenError adds a remedy to the failure of a listener.
func listenError(flag, addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s %s is in use: stop the other program or pass another port", flag, addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%s %s is not an address of this machine: pass another", flag, addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s %s is not permitted: pass a port above 1023", flag, addr)
	}
	return fmt.Errorf("%s %s: %w", flag, addr, err)
}

// serveUDP answers what comes to a socket until ctx ends.
func (t *Tracker) serveUDP(ctx context.Context, s udp.Conn) error {
	in, out := make([]udp.Packet, batchSize), make([]udp.Packet, 0, batchSize)
	replies := make([][]byte, batchSize)
	for i := range in {
		in[i].Buf, replies[i] = make([]byte, packetLen), make([]byte, 0, packetLen)
	}
	a := udpAnswerer{tracker: t}
	for {
		n, err := udp.Read(ctx, s, in)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		now := time.Now()
		out = out[:0]
		for i := range in[:n] {
			replies[i] = a.answer(replies[i][:0], in[i].Buf, in[i].Addr, now)
			if len(replies[i]) > 0 {
				out = append(out, udp.Packet{Buf: replies[i], Addr: in[i].Addr})
			}
		}
		for rest := out; len(rest) > 0; {
			sent, err := s.WriteBatch(rest)
			if err != nil {
				sent = min(sent+1, len(rest)) // skip what the system refuses
			}
			rest = rest[sent:]
		}
	}
}

// udpAnswerer answers the datagrams of one socket. It belongs to the goroutine that reads it.
type udpAnswerer struct {
	tracker *Tracker
	ids     connectionIDs
	room    peers.Selection
}

// answer appends the answer to the datagram b to dst, if there is one.
func (a *udpAnswerer) answer(dst, b []byte, from netip.AddrPort, now time.Time) []byte {
	t := a.tracker
	if len(b) < headLen || from.Port() == 0 {
		t.counters.ignored.Add(1)
		return dst
	}
	id, action, tid := binary.BigEndian.Uint64(b), binary.BigEndian.Uint32(b[8:]), b[12:headLen]
	if action == actionConnect && id == protocolID {
		t.counters.connects.Add(1)
		dst = appendHead(dst, actionConnect, tid)
		return binary.BigEndian.AppendUint64(dst, a.ids.of(from.Addr(), now))
	}
	if !a.ids.valid(id, from.Addr(), now) {
		t.counters.badIDs.Add(1)
		if t.bans.offend(from.Addr(), now) {
			t.counters.ignored.Add(1)
			return dst
		}
		return a.fail(dst, tid, BadConnectionID, "bad connection ID")
	}
	switch {
	case action == actionAnnounce && len(b) >= announceLen:
		return a.announce(dst, b, from, now)
	case action == actionScrape:
		return a.scrape(dst, tid, b[headLen:])
	case action == actionAnnounce:
		return a.fail(dst, tid, Malformed, "short announce")
	}
	return a.fail(dst, tid, Malformed, "unknown action")
}

func appendHead(dst []byte, action uint32, tid []byte) []byte {
	return append(binary.BigEndian.AppendUint32(dst, action), tid...)
}

func (a *udpAnswerer) fail(dst, tid []byte, why Reason, says string) []byte {
	a.tracker.counters.refusedUDP[why].Add(1)
	return append(appendHead(dst, actionError, tid), says...)
}

// announce answers an announce with a valid connection ID. What follows it, the options of BEP 41, names a path and a
// query, which this tracker has no use for.
func (a *udpAnswerer) announce(dst, b []byte, from netip.AddrPort, now time.Time) []byte {
	tid, port := b[12:headLen], binary.BigEndian.Uint16(b[96:])
	if port == 0 {
		return a.fail(dst, tid, Invalid, "invalid port")
	}
	if !a.tracker.policy.Load().Admits(wire.ID(b[16:36])) {
		return a.fail(dst, tid, notAdmitted.why, notAdmitted.reason)
	}
	if !validOptions(b[announceLen:]) {
		return a.fail(dst, tid, Malformed, "invalid options (BEP 41)")
	}
	r := Request{Hash: wire.ID(b[16:36]), PeerID: [20]byte(b[36:56]), Source: netip.AddrPortFrom(from.Addr(), port),
		Left: binary.BigEndian.Uint64(b[64:]), Want: int(int32(binary.BigEndian.Uint32(b[92:])))}
	if e := binary.BigEndian.Uint32(b[80:]); e <= uint32(Paused) {
		r.Event = Event(e) // the numbers are those of BEP 15, and libtorrent's of a partial seed
	}
	if ip := [4]byte(b[84:88]); ip != [4]byte{} {
		r.Named[wire.IPv4] = netip.AddrFrom4(ip)
	}
	family := wire.FamilyOf(from.Addr())
	if fit := (maxReply - 20) / family.AddrLen(); r.Want > fit {
		r.Want = fit
	}
	sel := &a.room
	sel.V4, sel.V6 = sel.V4[:0], sel.V6[:0]
	c, interval := a.tracker.announce(&r, sel, now)
	a.tracker.announced(&r, false)
	dst = appendHead(dst, actionAnnounce, tid)
	dst = binary.BigEndian.AppendUint32(dst, uint32(interval/time.Second))
	dst = binary.BigEndian.AppendUint32(dst, uint32(c.Leechers))
	dst = binary.BigEndian.AppendUint32(dst, uint32(c.Seeds))
	if family == wire.IPv6 {
		return append(dst, sel.V6...)
	}
	return append(dst, sel.V4...)
}

// validOptions reports whether b is a list of options (BEP 41): each a type, and but for 0 (the end) and 1 (nothing) a
// length and as many bytes.
func validOptions(b []byte) bool {
	for len(b) > 0 {
		switch {
		case b[0] == 0:
			return true
		case b[0] == 1:
			b = b[1:]
		case len(b) < 2 || len(b) < 2+int(b[1]):
			return false
		default:
			b = b[2+int(b[1]):]
		}
	}
	return true
}

// scrape answers with the counts of up to 74 hashes.
func (a *udpAnswerer) scrape(dst, tid, hashes []byte) []byte {
	if len(hashes) < len(wire.ID{}) {
		return a.fail(dst, tid, Malformed, "a scrape without a hash")
	}
	a.tracker.counters.scrapesUDP.Add(1)
	dst = appendHead(dst, actionScrape, tid)
	for n := 0; len(hashes) >= len(wire.ID{}) && n < maxScrape; n++ {
		c := a.tracker.swarms.Counts(wire.ID(hashes))
		dst = binary.BigEndian.AppendUint32(dst, uint32(c.Seeds))
		dst = binary.BigEndian.AppendUint32(dst, uint32(c.Completed))
		dst = binary.BigEndian.AppendUint32(dst, uint32(c.Leechers))
		hashes = hashes[len(wire.ID{}):]
	}
	return dst
}
