package pcapng

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// ipPacket is the IP packet of a datagram.
func ipPacket(t testing.TB, d *Datagram) []byte {
	t.Helper()
	b, err := appendPacket(nil, d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// v4 and v6 are datagrams of one family.
func v4() *Datagram { return &samples()[1] }
func v6() *Datagram { return &samples()[2] }

// join concatenates bytes.
func join(parts ...any) (b []byte) {
	for _, p := range parts {
		switch p := p.(type) {
		case []byte:
			b = append(b, p...)
		case string:
			b = append(b, p...)
		case int:
			b = append(b, byte(p))
		}
	}
	return b
}

// classic is a pcap file with frames a millisecond apart.
func classic(order binary.AppendByteOrder, magic uint32, link uint16, frames ...[]byte) []byte {
	b := order.AppendUint32(nil, magic)
	b = order.AppendUint16(order.AppendUint16(b, 2), 4)
	b = append(b, make([]byte, 8)...)
	b = order.AppendUint32(order.AppendUint32(b, 65535), uint32(link))
	tick := uint32(time.Microsecond)
	if magic == magicNano {
		tick = 1
	}
	for i, f := range frames {
		at := began.Add(time.Duration(i) * time.Millisecond)
		for _, n := range []uint32{uint32(at.Unix()), uint32(at.Nanosecond()) / tick, uint32(len(f)), uint32(len(f))} {
			b = order.AppendUint32(b, n)
		}
		b = append(b, f...)
	}
	return b
}

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

// block is a little-endian block of pcapng.
func block(kind uint32, body []byte) []byte {
	for len(body)%4 > 0 {
		body = append(body, 0)
	}
	b := binary.LittleEndian.AppendUint32(nil, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(body)+12))
	return binary.LittleEndian.AppendUint32(append(b, body...), uint32(len(body)+12))
}

var section = block(blockSection, []byte("\x4d\x3c\x2b\x1a\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"))

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

func TestHeadersOfIP(t *testing.T) {
	four, six := ipPacket(t, v4()), ipPacket(t, v6())
	with4 := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(four)) }
	with6 := func(kind byte, ext []byte) []byte {
		b := join(six[:ipv6Header], ext, six[ipv6Header:])
		b[6] = kind
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)-ipv6Header))
		return b
	}
	for _, c := range []struct {
		name   string
		packet []byte
		want   verdict
	}{
		{"IPv4", four, isDatagram},
		{"IPv4 with options", with4(func(b []byte) []byte {
			b = join(b[:ipv4Header], "\x01\x01\x01\x01\x01\x01\x01\x00", b[ipv4Header:])
			b[0] = 0x47
			binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
			return b
		}), isDatagram},
		{"the length left to the card", with4(func(b []byte) []byte { b[2], b[3] = 0, 0; return b }), isDatagram},
		{"the first fragment", with4(func(b []byte) []byte { b[6] = 0x20; return b }), fragment},
		{"another fragment", with4(func(b []byte) []byte { b[6], b[7] = 0, 0x10; return b }), fragment},
		{"TCP", with4(func(b []byte) []byte { b[9] = 6; return b }), otherProtocol},
		{"a header too short", with4(func(b []byte) []byte { b[0] = 0x44; return b }), malformed},
		{"a datagram longer than its packet", with4(func(b []byte) []byte { b[24] = 0xff; return b }), malformed},
		{"a datagram shorter than its header", with4(func(b []byte) []byte { b[24], b[25] = 0, 7; return b }), malformed},
		{"cut in the IP header", four[:19], cutShort},
		{"cut in the UDP header", four[:27], cutShort},
		{"no version", []byte("\x00\x00"), otherProtocol},
		{"nothing", nil, cutShort},
		{"IPv6", six, isDatagram},
		{"hop by hop", with6(extHopByHop, join(protoUDP, 1, make([]byte, 14))), isDatagram},
		{"three headers", with6(extHopByHop, join(extRouting, 0, make([]byte, 6), extDestination, 0, make([]byte, 6), protoUDP, 0, make([]byte, 6))), isDatagram},
		{"authenticated", with6(extAuth, join(protoUDP, 4, make([]byte, 22))), isDatagram},
		{"a fragment of one", with6(extFragment, join(protoUDP, make([]byte, 7))), isDatagram},
		{"an IPv6 fragment", with6(extFragment, join(protoUDP, 0, 0, 1, make([]byte, 4))), fragment},
		{"TCP in IPv6", with6(6, nil), otherProtocol},
		{"a header longer than the packet", with6(extHopByHop, join(protoUDP, 255, make([]byte, 6))), malformed},
		{"cut in an extension", with6(extHopByHop, join(protoUDP, 1, make([]byte, 14)))[:ipv6Header+9], cutShort},
		{"cut in the IPv6 header", six[:39], cutShort},
	} {
		var d Datagram
		if got := d.parse(c.packet); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		} else if got == isDatagram && d.Size != len(d.Payload) {
			t.Errorf("%s: %d bytes of %d", c.name, len(d.Payload), d.Size)
		}
	}
}

func TestWhatIsCutOffKeepsItsSize(t *testing.T) {
	frame := ipPacket(t, v4())
	got, counts := read(t, classic(binary.LittleEndian, magicMicro, linkRaw, frame[:60]))
	if len(got) != 1 || got[0].Size != v4().Size || len(got[0].Payload) != 60-28 {
		t.Errorf("%+v %+v", got, counts)
	}
}

func TestDamageCostsWhatItHits(t *testing.T) {
	var many []Datagram
	for i := range 200 {
		d := samples()[1]
		d.At = began.Add(time.Duration(i) * time.Second)
		many = append(many, d)
	}
	ng := capture(t, many)
	var frames [][]byte
	for range 200 {
		frames = append(frames, ipPacket(t, v4()))
	}
	old := classic(binary.BigEndian, magicNano, linkRaw, frames...)
	for name, file := range map[string][]byte{"pcapng": ng, "pcap": old} {
		size := len(file) / 200
		for what, damage := range map[string]func(b []byte) []byte{
			"overwritten": func(b []byte) []byte { copy(b[len(b)/2:], strings.Repeat("\xa5", size)); return b },
			"zeros":       func(b []byte) []byte { copy(b[len(b)/2:], make([]byte, 2*size)); return b },
			"missing":     func(b []byte) []byte { return append(b[:len(b)/2], b[len(b)/2+size+3:]...) },
		} {
			got, counts := read(t, damage(bytes.Clone(file)))
			if len(got) < 195 || counts.Gaps != 1 || counts.Truncated {
				t.Errorf("%s, %s: %d datagrams, %+v", name, what, len(got), counts)
			}
		}
		for _, cut := range []int{1, 3, 7, 50} {
			got, counts := read(t, file[:len(file)-cut])
			if len(got) != 199 || !counts.Truncated || counts.Gaps > 0 {
				t.Errorf("%s, without its last %d bytes: %d datagrams, %+v", name, cut, len(got), counts)
			}
		}
		got, counts := read(t, append(bytes.Clone(file), make([]byte, 4096)...))
		if len(got) != 200 {
			t.Errorf("%s, with zeros at its end: %d datagrams, %+v", name, len(got), counts)
		}
	}
}

func TestCompressedCapturesAreRead(t *testing.T) {
	var file bytes.Buffer
	z := gzip.NewWriter(&file)
	z.Write(capture(t, samples())) //nolint:errcheck // into memory
	z.Close()
	if got, counts := read(t, file.Bytes()); len(got) != 6 || counts.Truncated {
		t.Errorf("%d datagrams, %+v", len(got), counts)
	}
	if _, counts := read(t, file.Bytes()[:file.Len()-9]); !counts.Truncated {
		t.Errorf("cut short: %+v", counts)
	}
}

func TestOtherFilesAreNoCaptures(t *testing.T) {
	for _, file := range []string{"", "d1", "d8:announce3:urle", "\x0a\x0d\x0d\x0a\x1c\x00\x00\x00????", "\xd4\xc3\xb2\xa1", "\x1f\x8b\x08", strings.Repeat("x", 100)} {
		if _, err := NewReader(strings.NewReader(file)); !errors.Is(err, ErrNoCapture) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestAnErrorOfTheFileIsHandedOn(t *testing.T) {
	broken := errors.New("the disk is gone")
	r, err := NewReader(io.MultiReader(bytes.NewReader(capture(t, samples())), failing{broken}))
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Next(); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestReadingADatagramAllocatesNothing(t *testing.T) {
	d := *v4()
	d.Comment = ""
	all := make([]Datagram, 300)
	for i := range all {
		all[i] = d
	}
	r, err := NewReader(bytes.NewReader(capture(t, all)))
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever the bytes, a Reader ends, and what it hands out can be written and read again.
func FuzzReader(f *testing.F) {
	all := samples()
	file := capture(f, all)
	f.Add(file)
	f.Add(classic(binary.BigEndian, magicNano, linkRaw, ipPacket(f, v4()), ipPacket(f, v6())))
	f.Add(classic(binary.LittleEndian, magicMicro, linkEthernet, join(make([]byte, 12), "\x81\x00\x00\x07\x08\x00", ipPacket(f, v4()))))
	f.Add(classic(binary.LittleEndian, magicMicro, linkCooked, join(make([]byte, 14), "\x86\xdd", ipPacket(f, v6()))))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			return
		}
		var out bytes.Buffer
		w, err := NewWriter(&out, "", "")
		if err == nil {
			err = w.AddInterface(Interface{})
		}
		if err != nil {
			t.Fatal(err)
		}
		var written []Datagram
		for range file {
			d, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Payload) > d.Size {
				t.Fatalf("%d bytes of %d", len(d.Payload), d.Size)
			}
			c := *d
			c.Payload, c.Interface, c.Comment = bytes.Clone(c.Payload), 0, ""
			if w.Write(&c) == nil { // IPv4-mapped addresses in an IPv6 header may meet others
				written = append(written, c)
			}
		}
		got, counts := read(t, out.Bytes())
		if len(got) != len(written) {
			t.Fatalf("%d of %d: %+v", len(got), len(written), counts)
		}
		for i := range got {
			if w := &written[i]; w.At.IsZero() {
				w.At, got[i].At = time.Time{}, time.Time{}
			}
			if !same(&got[i], &written[i]) {
				t.Fatalf("%+v became %+v", written[i], got[i])
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	d := Datagram{At: began, Way: Inbound, From: addr("91.201.41.182:51413"), To: addr("10.0.0.5:6881"), Size: 300, Payload: query(300)[:300]}
	all := make([]Datagram, 10000)
	for i := range all {
		all[i] = d
	}
	file := capture(b, all)
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		for range all {
			if _, err := r.Next(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(all)), "ns/packet")
}
