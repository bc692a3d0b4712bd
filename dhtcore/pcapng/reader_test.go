package pcapng

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
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
