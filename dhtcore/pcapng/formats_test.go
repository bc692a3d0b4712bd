package pcapng

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"
)

func TestAllLinkLayersAreRead(t *testing.T) {
	ip4, ip6 := ipPacket(t, v4()), ipPacket(t, v6())
	macs := "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02"
	for _, c := range []struct {
		name  string
		link  uint16
		frame []byte
		want  *Datagram
		way   Way
	}{
		{"Ethernet", linkEthernet, join(macs, "\x08\x00", ip4), v4(), UnknownWay},
		{"Ethernet, padded", linkEthernet, join(macs, "\x08\x00", ip4, make([]byte, 9)), v4(), UnknownWay},
		{"Ethernet, IPv6", linkEthernet, join(macs, "\x86\xdd", ip6), v6(), UnknownWay},
		{"a VLAN", linkEthernet, join(macs, "\x81\x00\x00\x07\x08\x00", ip4), v4(), UnknownWay},
		{"a VLAN in a VLAN", linkEthernet, join(macs, "\x88\xa8\x00\x07\x81\x00\x00\x08\x86\xdd", ip6), v6(), UnknownWay},
		{"PPPoE", linkEthernet, join(macs, "\x88\x64\x11\x00\x00\x01\x00\x50\x00\x21", ip4), v4(), UnknownWay},
		{"cooked, to us", linkCooked, join("\x00\x00\x00\x01\x00\x06macmac\x00\x00\x08\x00", ip4), v4(), Inbound},
		{"cooked, from us", linkCooked, join("\x00\x04\x00\x01\x00\x06macmac\x00\x00\x86\xdd", ip6), v6(), Outbound},
		{"cooked, of others", linkCooked, join("\x00\x03\x00\x01\x00\x06macmac\x00\x00\x08\x00", ip4), v4(), UnknownWay},
		{"cooked, a VLAN", linkCooked, join("\x00\x04\x00\x01\x00\x06macmac\x00\x00\x81\x00\x00\x07\x08\x00", ip4), v4(), Outbound},
		{"cooked v2, to us", linkCooked2, join("\x08\x00\x00\x00\x00\x00\x00\x02\x00\x01\x00\x06macmac\x00\x00", ip4), v4(), Inbound},
		{"cooked v2, from us", linkCooked2, join("\x86\xdd\x00\x00\x00\x00\x00\x02\x00\x01\x04\x06macmac\x00\x00", ip6), v6(), Outbound},
		{"raw", linkRaw, ip4, v4(), UnknownWay},
		{"raw, IPv6", linkRaw, ip6, v6(), UnknownWay},
		{"raw of BSD", linkRawBSD, ip4, v4(), UnknownWay},
		{"IPv4 only", linkIPv4, ip4, v4(), UnknownWay},
		{"IPv6 only", linkIPv6, ip6, v6(), UnknownWay},
		{"loopback", linkNull, join("\x02\x00\x00\x00", ip4), v4(), UnknownWay},
		{"loopback of OpenBSD", linkLoop, join("\x00\x00\x00\x18", ip6), v6(), UnknownWay},
		{"PPP", linkPPP, join("\xff\x03\x00\x57", ip6), v6(), UnknownWay},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, counts := read(t, classic(binary.LittleEndian, magicMicro, c.link, c.frame))
			if len(got) != 1 || counts.Datagrams != 1 {
				t.Fatalf("%+v", counts)
			}
			want := *c.want
			want.At, want.Way, want.Comment, want.Interface = began.Truncate(time.Microsecond), c.way, "", 0
			if !same(&got[0], &want) {
				t.Errorf("%+v, want %+v", got[0], want)
			}
		})
	}
}

func TestBothByteOrdersAndClocksOfPcapAreRead(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for magic, want := range map[uint32]time.Time{magicMicro: began.Truncate(time.Microsecond), magicNano: began} {
			got, counts := read(t, classic(order, magic, linkRaw, ipPacket(t, v4()), ipPacket(t, v6())))
			if len(got) != 2 || counts != (Counts{Packets: 2, Datagrams: 2}) || !got[0].At.Equal(want) {
				t.Errorf("%v, %x: %+v, %+v", order, magic, got, counts)
			}
		}
	}
}

// swapped turns a file of Writer into one of the other byte order.
func swapped(t *testing.T, file []byte) (out []byte) {
	t.Helper()
	turn := func(b []byte, n int) {
		for i := range n / 2 {
			b[i], b[n-1-i] = b[n-1-i], b[i]
		}
	}
	for len(file) > 0 {
		kind, size := binary.LittleEndian.Uint32(file), binary.LittleEndian.Uint32(file[4:])
		b := bytes.Clone(file[:size])
		file = file[size:]
		var options []byte
		switch kind {
		case blockSection:
			turn(b[8:], 4)
			turn(b[12:], 2)
			options = b[24 : size-4] // after the length of the section, which is the same
		case blockInterface:
			turn(b[8:], 2)
			options = b[16 : size-4]
		case blockPacket:
			options = b[28+(binary.LittleEndian.Uint32(b[20:])+3)&^3 : size-4]
			for at := 8; at < 28; at += 4 {
				turn(b[at:], 4)
			}
		}
		for len(options) > 0 {
			code, n := binary.LittleEndian.Uint16(options), binary.LittleEndian.Uint16(options[2:])
			turn(options, 2)
			turn(options[2:], 2)
			if options = options[4:]; kind == blockPacket && code == optFlags {
				turn(options, 4)
			}
			options = options[(n+3)&^3:]
		}
		turn(b, 4)
		turn(b[4:], 4)
		turn(b[size-4:], 4)
		out = append(out, b...)
	}
	return out
}

func TestBothByteOrdersOfPcapngAreRead(t *testing.T) {
	want := samples()
	file := capture(t, want)
	got, counts := read(t, swapped(t, file))
	if len(got) != len(want) || counts.Gaps > 0 {
		t.Fatalf("%d datagrams: %+v", len(got), counts)
	}
	for i := range want {
		if !same(&got[i], &want[i]) {
			t.Errorf("datagram %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	if both, _ := read(t, join(file, swapped(t, file), file)); len(both) != 3*len(want) {
		t.Errorf("%d datagrams of three sections", len(both))
	}
}

func TestClocksOfInterfacesAreHeeded(t *testing.T) {
	ip := ipPacket(t, v4())
	for _, c := range []struct {
		options string
		ticks   uint64
		want    time.Time
	}{
		{"", 1e6 + 5, time.Unix(1, 5000)},
		{"\x09\x00\x01\x00\x09\x00\x00\x00", 1e9 + 5, time.Unix(1, 5)},
		{"\x09\x00\x01\x00\x03\x00\x00\x00", 1005, time.Unix(1, 5e6)},
		{"\x09\x00\x01\x00\x8a\x00\x00\x00", 1024 + 512, time.Unix(1, 5e8)},
		{"\x09\x00\x01\x00\x12\x00\x00\x00", 3e18 + 5e9, time.Unix(3, 5)},
		{"\x0e\x00\x08\x00\x64\x00\x00\x00\x00\x00\x00\x00", 1e6, time.Unix(101, 0)},
	} {
		body := binary.LittleEndian.AppendUint32(make([]byte, 4), uint32(c.ticks>>32))
		body = binary.LittleEndian.AppendUint32(body, uint32(c.ticks))
		body = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(body, uint32(len(ip))), uint32(len(ip)))
		got, counts := read(t, join(section, block(blockInterface, join("\x65\x00\x00\x00\x00\x00\x00\x00", c.options)),
			block(blockPacket, append(body, ip...))))
		if len(got) != 1 || !got[0].At.Equal(c.want) {
			t.Errorf("%q: %+v %+v, want %s", c.options, got, counts, c.want)
		}
	}
}

func TestSimpleAndObsoletePacketsAreRead(t *testing.T) {
	ip := ipPacket(t, v4())
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(ip)))
	old := join(make([]byte, 4), "\x00\x00\x00\x00\x40\x42\x0f\x00", size, size, ip)
	got, counts := read(t, join(section, block(blockInterface, []byte("\x65\x00\x00\x00\x00\x00\x00\x00")), block(blockSimple, join(size, ip)),
		block(0xbad, make([]byte, 2<<20)), block(blockOldPacket, old)))
	if len(got) != 2 || counts.Gaps > 0 || !got[0].At.IsZero() || !got[1].At.Equal(time.Unix(1, 0)) {
		t.Errorf("%+v %+v", got, counts)
	}
}
