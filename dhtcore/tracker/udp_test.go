package tracker

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// exchange sends a datagram and returns the answer, nil if none comes.
func exchange(t testing.TB, c net.Conn, b []byte) []byte {
	t.Helper()
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	c.SetReadDeadline(time.Now().Add(5 * time.Second)) //nolint:errcheck // the read says what is wrong
	in := make([]byte, 2048)
	n, err := c.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	return in[:n]
}

func connectPacket() []byte {
	b := binary.BigEndian.AppendUint64(nil, protocolID)
	return append(b, 0, 0, 0, 0, 'c', 'o', 'n', 'n')
}

func announcePacket(id uint64, hash string, port uint16, left uint64, e Event, more ...byte) []byte {
	b := binary.BigEndian.AppendUint64(nil, id)
	b = append(b, 0, 0, 0, 1, 'a', 'n', 'n', 'o')
	b = append(append(b, hash...), peerA...)
	b = binary.BigEndian.AppendUint64(b, 0)
	b = binary.BigEndian.AppendUint64(b, left)
	b = binary.BigEndian.AppendUint64(b, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(e))
	b = append(b, 0, 0, 0, 0, 'k', 'e', 'y', 's', 0xff, 0xff, 0xff, 0xff)
	b = binary.BigEndian.AppendUint16(b, port)
	return append(b, more...)
}

func TestClientsFindEachOtherOverUDP(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "::1"} {
		tr := run(t, Config{UDP: net.JoinHostPort(ip, "0")})
		c, err := net.Dial("udp", tr.UDPAddrs()[0].String())
		if err != nil {
			t.Fatal(err)
		}
		b := exchange(t, c, connectPacket())
		if len(b) != 16 || string(b[:8]) != "\x00\x00\x00\x00conn" {
			t.Fatalf("connect: %q", b)
		}
		id := binary.BigEndian.Uint64(b[8:])
		exchange(t, c, announcePacket(id, hashA, 1001, 0, Started))
		b = exchange(t, c, announcePacket(id, hashA, 1002, unknownLeft, Started, 2, 9, '/', 'a', 'n', 'n', 'o', 'u', 'n', 'c', 'e', 1, 0))
		peer := wire.AppendAddr(nil, netip.AddrPortFrom(netip.MustParseAddr(ip), 1001))
		if len(b) != 20+len(peer) || !bytes.Equal(b[20:], peer) || binary.BigEndian.Uint32(b[12:]) != 1 || binary.BigEndian.Uint32(b[16:]) != 1 {
			t.Errorf("announce: %q", b)
		}
		if i := binary.BigEndian.Uint32(b[8:]); i < 900 || i > 991 {
			t.Errorf("interval %d", i)
		}
		exchange(t, c, announcePacket(id, hashA, 1002, 0, Completed))
		scrape := append(binary.BigEndian.AppendUint64(nil, id), 0, 0, 0, 2, 's', 'c', 'r', 'a')
		scrape = append(append(scrape, hashA...), strings.Repeat(hashB, 80)...)
		b = exchange(t, c, scrape)
		if len(b) != 8+74*12 || !bytes.Equal(b[8:32], []byte{3: 2, 7: 1, 11: 0, 23: 0}) {
			t.Errorf("scrape: %d bytes, %x", len(b), b[:32])
		}
		for reason, packet := range map[string][]byte{
			"bad connection ID":        announcePacket(id+1, hashA, 1, 0, None),
			"invalid port":             announcePacket(id, hashA, 0, 0, None),
			"short announce":           announcePacket(id, hashA, 7, 0, None)[:97],
			"unknown action":           append(binary.BigEndian.AppendUint64(nil, id), 0, 0, 0, 9, 1, 2, 3, 4),
			"a scrape without a hash":  scrape[:35],
			"invalid options (BEP 41)": announcePacket(id, hashA, 7, 0, None, 2, 9, 'x'),
		} {
			if b := exchange(t, c, packet); string(b[:4]) != "\x00\x00\x00\x03" || string(b[4:8]) != string(packet[12:16]) || string(b[8:]) != reason {
				t.Errorf("%s: %q", reason, b)
			}
		}
	}
}

func TestAConnectionIDIsForOneAddressAndAFewMinutes(t *testing.T) {
	var ids connectionIDs
	now, a, b := time.Now(), netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("8.8.4.4")
	id := ids.of(a, now)
	if !ids.valid(id, a, now) || ids.valid(id, b, now) || ids.valid(id+1, a, now) {
		t.Error("at once")
	}
	now = now.Add(119 * time.Second)
	late := ids.of(a, now)
	for _, c := range []struct {
		after time.Duration
		valid bool
	}{{2 * time.Second, true}, {119 * time.Second, true}, {125 * time.Second, false}} {
		if ids.valid(late, a, now.Add(c.after)) != c.valid {
			t.Errorf("after %v: want %v", c.after, c.valid)
		}
	}
	if ids.valid(late, a, now.Add(-time.Hour)) {
		t.Error("after the clock went back an hour the keys are new")
	}
}

func TestASourceOfBadIDsGetsNoAnswersForAWhile(t *testing.T) {
	tr := mustOpen(t)
	a, now, from := udpAnswerer{tracker: tr}, time.Now(), netip.MustParseAddrPort("8.8.8.8:1")
	bad := announcePacket(1, hashA, 7, 0, None)
	answered := 0
	for range 100 {
		if len(a.answer(nil, bad, from, now)) > 0 {
			answered++
		}
	}
	if answered != banAfter || tr.Stats(now).Banned != 1 {
		t.Errorf("%d answers, %+v", answered, tr.Stats(now))
	}
	if b := a.answer(nil, connectPacket(), from, now); len(b) != 16 {
		t.Error("the one whose name it is gets no connection ID")
	} else if b := a.answer(nil, announcePacket(binary.BigEndian.Uint64(b[8:]), hashA, 7, 0, None), from, now); len(b) != 20 {
		t.Error("nor announces")
	}
	if len(a.answer(nil, bad, netip.MustParseAddrPort("8.8.4.4:1"), now)) == 0 {
		t.Error("another source is banned too")
	}
	if len(a.answer(nil, bad, from, now.Add(banFor))) == 0 || tr.Stats(now.Add(banFor)).Banned != 0 {
		t.Error("for ever")
	}
}

func TestAnAddressIsNamedOnlyInLocalNetworks(t *testing.T) {
	for _, c := range []struct {
		source, named, want string
		isNamed             bool
	}{
		{"8.8.8.8:5", "9.9.9.9", "8.8.8.8:5", false},
		{"10.0.0.1:5", "9.9.9.9", "9.9.9.9:5", true},
		{"10.0.0.1:5", "10.0.0.7", "10.0.0.7:5", true},
		{"10.0.0.1:5", "224.0.0.1", "10.0.0.1:5", false},
		{"10.0.0.1:5", "0.0.0.0", "10.0.0.1:5", false},
		{"[fd00::1]:5", "fd00::7", "[fd00::7]:5", true},
		{"[fd00::1]:5", "10.0.0.7", "[fd00::1]:5", false},
	} {
		named := netip.MustParseAddr(c.named)
		r := Request{Source: netip.MustParseAddrPort(c.source)}
		r.Named[wire.FamilyOf(named)] = named
		if addr, named := r.peer(); addr.String() != c.want || named != c.isNamed {
			t.Errorf("%s naming %s: %v, %v", c.source, c.named, addr, named)
		}
	}
}

func TestAnAnnounceOverUDPAllocatesNothing(t *testing.T) {
	tr := mustOpen(t)
	a, now, from := udpAnswerer{tracker: tr}, time.Now(), netip.MustParseAddrPort("10.0.0.1:1")
	dst := make([]byte, 0, packetLen)
	id := binary.BigEndian.Uint64(a.answer(nil, connectPacket(), from, now)[8:])
	packet := announcePacket(id, hashA, 7, 0, None)
	for i := range uint16(100) {
		a.answer(dst, announcePacket(id, hashA, 8+i, 1, None), from, now)
	}
	if n := testing.AllocsPerRun(100, func() { a.answer(dst, packet, from, now) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BEP 21 gives no number for it; libtorrent sends 4.
func TestAPartialSeedOverUDPIsNotToldOfSeeders(t *testing.T) {
	tr := mustOpen(t)
	a, now, from := udpAnswerer{tracker: tr}, time.Now(), netip.MustParseAddrPort("10.0.0.1:1")
	id := a.ids.of(from.Addr(), now)
	a.answer(nil, announcePacket(id, hashA, 7, 0, None), from, now)
	b := a.answer(nil, announcePacket(id, hashA, 8, 5, Paused), from, now)
	if c := tr.Counts(wire.ID([]byte(hashA))); len(b) != 20 || c.Partial != 1 || c.Seeds != 1 {
		t.Errorf("%d bytes, %+v", len(b), c)
	}
}
