package capture

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/wire"
	"dhtop/views/report"
	"dhtop/views/text"
)

// id returns an ID that begins with b.
func id(b ...byte) (id dhtcore.ID) {
	copy(id[:], b)
	return id
}

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// at is a moment of the capture.
func at(d time.Duration) time.Time {
	return time.Date(2026, 3, 1, 1, 30, 0, 0, time.FixedZone("CET", 3600)).Add(d)
}

var (
	target = id(0x36, 0x44, 0xaa, 0xbb)
	self   = id(0x5e, 0x1f, 0x5e, 0x1f)
)

// scene is a node with two identities, and the packets of a lookup of its first one, newest first: the node that we
// knew told of another one, which answered late, and of a third one, which did not.
func scene() (*dhtcore.Snapshot, []*dhtcore.Packet) {
	known := wire.Contact{ID: id(1), Addr: addr("91.201.41.182:6881")}
	late := wire.Contact{ID: id(2), Addr: addr("91.201.41.7:51413")}
	silent := wire.Contact{ID: id(3), Addr: addr("203.0.113.9:1")}
	asker := wire.Contact{ID: id(4), Addr: addr("[2001:db8:1::4]:6881")}
	s := &dhtcore.Snapshot{
		Nodes: []dhtcore.Vantage{
			{ID: self, Addr: addr("0.0.0.0:6881"), External: addr("198.51.100.5:40000")},
			{ID: id(0x5e, 0x1f, 0x5e, 0x2f), Addr: addr("[::]:6881"), Family: dhtcore.IPv6},
		},
		Names: map[dhtcore.ID]string{target: "a name\x1b, 203.0.113.77"},
		Lookups: []dhtcore.LookupState{{Target: target, Method: wire.GetPeers, Started: at(0), Elapsed: 4 * time.Second, Done: true, Steps: []lookup.Step{
			{Contact: known, State: lookup.Replied, Round: 1, RTT: 53 * time.Millisecond},
			{Contact: late, State: lookup.Replied, Round: 2, Asked: 60 * time.Millisecond, RTT: 2 * time.Second, Referrer: known.ID, Referrers: 3, Late: true},
			{Contact: silent, State: lookup.TimedOut, Round: 2, Asked: 60 * time.Millisecond, Referrer: known.ID, Referrers: 1},
		}}},
	}
	tid := []byte("aa")
	query := wire.AppendQuery(nil, self, tid, false, &wire.Query{Method: wire.GetPeers, Target: target})
	answer := wire.AppendReply(nil, known.ID, tid, addr("198.51.100.5:40000"), &wire.Answer{Nodes: wire.AppendContact(wire.AppendContact(nil, late), silent), Token: []byte("token")})
	theirs := wire.AppendQuery(nil, asker.ID, tid, false, &wire.Query{Method: wire.GetPeers, Target: target})
	long := append(slices.Clip(answer), make([]byte, 1600-len(answer))...)
	var log []*dhtcore.Packet
	add := func(after time.Duration, way wire.Direction, vantage int, with netip.AddrPort, kind wire.Kind, took time.Duration, payload []byte) {
		raw := journal.Packet{Seq: uint64(len(log) + 1), At: at(after), Way: way, Vantage: vantage, Addr: with, Size: len(payload), Payload: payload[:min(len(payload), journal.MaxPayload)],
			Kind: kind, Method: wire.GetPeers, Target: target, HasTarget: true, Took: took}
		log = append(log, dhtcore.NewPacket(raw, s.Nodes[vantage].ID))
	}
	add(0, wire.Out, 0, known.Addr, wire.KindQuery, 0, query)
	add(53*time.Millisecond, wire.In, 0, known.Addr, wire.KindReply, 53*time.Millisecond, answer)
	add(60*time.Millisecond, wire.Out, 0, late.Addr, wire.KindQuery, 0, query)
	add(60*time.Millisecond, wire.Out, 0, silent.Addr, wire.KindQuery, 0, query)
	add(time.Second, wire.In, 1, asker.Addr, wire.KindQuery, 0, theirs)
	add(time.Second, wire.Out, 1, asker.Addr, wire.KindReply, 300*time.Microsecond, answer)
	add(2060*time.Millisecond, wire.In, 0, late.Addr, wire.KindReply, 2*time.Second, long)
	log[4].Client = "libtorrent 2.0.8"
	slices.Reverse(log)
	return s, log
}

func readCapture(t *testing.T, file []byte) (all []pcapng.Datagram) {
	t.Helper()
	r, err := pcapng.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for {
		d, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		c := *d
		c.Payload = bytes.Clone(c.Payload)
		all = append(all, c)
	}
}

func writeCapture(t *testing.T, o report.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	s, log := scene()
	if err := Write(&b, s, log, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestACaptureSaysWhoSentWhatAndWhy(t *testing.T) {
	_, log := scene()
	got := readCapture(t, writeCapture(t, report.Options{}))
	for i, want := range []pcapng.Datagram{
		{Way: pcapng.Outbound, From: addr("198.51.100.5:40000"), To: addr("91.201.41.182:6881"),
			Comment: "lookup 3644aabb… (a name�, 203.0.113.77), round 1, known before"},
		{Way: pcapng.Inbound, From: addr("91.201.41.182:6881"), To: addr("198.51.100.5:40000"),
			Comment: "lookup 3644aabb… (a name�, 203.0.113.77), round 1, known before, after 53 ms"},
		{Way: pcapng.Outbound, From: addr("198.51.100.5:40000"), To: addr("91.201.41.7:51413"),
			Comment: "lookup 3644aabb… (a name�, 203.0.113.77), round 2, told by 91.201.41.182:6881 and 2 others, late"},
		{Way: pcapng.Outbound, From: addr("198.51.100.5:40000"), To: addr("203.0.113.9:1"),
			Comment: "lookup 3644aabb… (a name�, 203.0.113.77), round 2, told by 91.201.41.182:6881, no answer"},
		{Way: pcapng.Inbound, Interface: 1, From: addr("[2001:db8:1::4]:6881"), To: addr("[::]:6881"),
			Comment: "get_peers about 3644aabb… (a name�, 203.0.113.77), from libtorrent 2.0.8"},
		{Way: pcapng.Outbound, Interface: 1, From: addr("[::]:6881"), To: addr("[2001:db8:1::4]:6881"),
			Comment: "reply to get_peers about 3644aabb… (a name�, 203.0.113.77), after 0.3 ms"},
		{Way: pcapng.Inbound, From: addr("91.201.41.7:51413"), To: addr("198.51.100.5:40000"),
			Comment: "lookup 3644aabb… (a name�, 203.0.113.77), round 2, told by 91.201.41.182:6881 and 2 others, after 2.00 s, late"},
	} {
		p, d := log[len(log)-1-i], got[i]
		if d.Way != want.Way || d.Interface != want.Interface || d.From != want.From || d.To != want.To || d.Comment != want.Comment {
			d.Payload = nil
			t.Errorf("packet %d is\n%+v, want\n%+v", i, d, want)
			continue
		}
		if !d.At.Equal(p.At) || d.Size != p.Size || !bytes.Equal(d.Payload, p.Payload) {
			t.Errorf("packet %d: %s, %d bytes of %d", i, d.At, len(d.Payload), d.Size)
		}
	}
}

func TestAMaskedCaptureKeepsWhoIsWhoAndTellsNoAddress(t *testing.T) {
	s, log := scene()
	secrets := [][]byte{self[:4], []byte("182"), []byte("203.0.113.77"), []byte("203.0.113.9")}
	for _, a := range []string{"91.201.41.182:6881", "91.201.41.7:51413", "203.0.113.9:1", "[2001:db8:1::4]:6881", "198.51.100.5:40000"} {
		secrets = append(secrets, addr(a).Addr().AsSlice())
	}
	for name, o := range map[string]report.Options{"the mask of the screen": {Mask: &text.Mask{Privacy: text.Masked, Own: [][20]byte{self, s.Nodes[1].ID}}},
		"--mask-ips": {MaskAddrs: true}} {
		file := writeCapture(t, o)
		for _, secret := range secrets {
			if bytes.Contains(file, secret) {
				t.Errorf("%s: %q is in the file", name, secret)
			}
		}
		got := readCapture(t, file)
		if len(got) != len(log) {
			t.Fatalf("%s: %d packets", name, len(got))
		}
		for i, want := range []string{"198.51.100.1:6881 91.201.41.1:6881", "91.201.41.1:6881 198.51.100.1:6881", "198.51.100.1:6881 91.201.41.2:6881", "198.51.100.1:6881 203.0.113.1:6881",
			"[2001:db8:1::1]:6881 [::]:6881", "[::]:6881 [2001:db8:1::1]:6881", "91.201.41.2:6881 198.51.100.1:6881"} {
			d := got[i]
			var m wire.Message
			if d.From.String()+" "+d.To.String() != want || d.Size != log[len(log)-1-i].Size || i < 6 && wire.Scan(d.Payload, &m) != nil {
				t.Errorf("%s: packet %d is %+v, want %s", name, i, d, want)
			}
		}
		if want := "round 2, told by 91.201.41.1:6881 and 2 others"; !strings.Contains(got[2].Comment, want) {
			t.Errorf("%s: %q, want %q in it", name, got[2].Comment, want)
		}
	}
}

func TestBlankingKeepsTheShapeOfAMessage(t *testing.T) {
	for _, c := range [][2]string{
		{"d1:ad2:id3:abce1:ni-12e4:listl1:xee", "d1:\x00d2:\x00\x003:\x00\x00\x00e1:\x00i-11e4:\x00\x00\x00\x00l1:\x00ee"},
		{"d9:ab", "d9:\x00\x00"},
		{"d3", "d\x00"},
		{"hello", "\x00\x00\x00\x00\x00"},
		{"i12", "i11"},
		{"", ""},
	} {
		if got := string(blank([]byte(c[0]), slices.Repeat([]bool{true}, len(c[0])))); got != c[1] {
			t.Errorf("%q became %q, want %q", c[0], got, c[1])
		}
		if got := string(blank([]byte(c[0]), make([]bool, len(c[0])))); got != c[0] {
			t.Errorf("%q became %q", c[0], got)
		}
	}
}

func TestWiresharkHasNothingToObjectToMaskedPackets(t *testing.T) {
	tshark := needs.Program(t, "tshark", "tshark")
	path := filepath.Join(t.TempDir(), "packets.pcapng")
	if err := os.WriteFile(path, writeCapture(t, report.Options{MaskAddrs: true}), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tshark, "-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y",
		"!bt-dht || _ws.malformed || _ws.expert.severity >= warning || ip.checksum.status == bad || udp.checksum.status == bad").Output()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}

func BenchmarkCapture(b *testing.B) {
	s, log := scene()
	c, err := NewWriter(io.Discard, report.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := c.Add(s, log[i%len(log)]); err != nil {
			b.Fatal(err)
		}
	}
}
