package dhtcore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/wire"
)

// captureFile is a capture in memory that several goroutines may write to.
type captureFile struct {
	mu   sync.Mutex
	file bytes.Buffer
	w    *pcapng.Writer
}

func newCaptureFile(t testing.TB) *captureFile {
	t.Helper()
	c := new(captureFile)
	w, err := pcapng.NewWriter(&c.file, "test", "")
	if err == nil {
		err = w.AddInterface(pcapng.Interface{})
	}
	if err != nil {
		t.Fatal(err)
	}
	c.w = w
	return c
}

func (c *captureFile) add(at time.Time, way pcapng.Way, from, to netip.AddrPort, payload []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.w.Write(&pcapng.Datagram{At: at, Way: way, From: from, To: to, Payload: payload, Size: len(payload)}); err != nil {
		panic(err) // into memory
	}
}

func (c *captureFile) reader() *bytes.Reader { return bytes.NewReader(c.file.Bytes()) }

// read returns the Snapshots of a capture.
func (c *captureFile) read(t testing.TB, ours netip.AddrPort) (all []*Snapshot, sum CaptureSummary) {
	t.Helper()
	sum, err := ReadCapture(t.Context(), c.reader(), ours, func(s *Snapshot) error {
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, sum
}

// The addresses of the tests below.
var (
	captureOurs  = netip.MustParseAddrPort("10.0.0.5:6881")
	captureBegan = time.Date(2026, 11, 29, 12, 0, 0, 5e8, time.UTC)
)

func capturePeer(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{91, 201, byte(i >> 8), byte(i)}), 51413)
}

// ask adds a get_peers of a stranger, and our reply.
func (c *captureFile) ask(at time.Time, from int, hash ID) {
	tid := []byte{byte(from >> 8), byte(from)}
	c.add(at, 0, capturePeer(from), captureOurs, wire.AppendQuery(nil, ID{byte(from), 1}, tid, false, &wire.Query{Method: wire.GetPeers, Target: hash}))
	c.add(at.Add(300*time.Microsecond), 0, captureOurs, capturePeer(from), wire.AppendReply(nil, ID{5}, tid, capturePeer(from), &wire.Answer{Token: []byte("t")}))
}

func TestSnapshotsOfACaptureAreTakenSecondBySecond(t *testing.T) {
	file, hash := newCaptureFile(t), ID{0x80, 1}
	for i := range 3 {
		file.ask(captureBegan.Add(time.Duration(i)*700*time.Millisecond), i, hash)
	}
	file.ask(captureBegan.Add(time.Hour), 3, hash)
	all, sum := file.read(t, netip.AddrPort{})
	var at []string
	for _, s := range all {
		at = append(at, fmt.Sprint(s.At.UTC().Format("15:04:05"), " ", s.Hashes.Requests, " ", len(s.Packets.Log), " ", s.Traffic.InRate))
	}
	want := []string{"12:00:01 1 2 0", "12:00:02 3 6 2", "12:00:03 3 6 0", "13:00:01 4 8 1"}
	if !slices.Equal(at, want) {
		t.Errorf("at %q, want %q", at, want)
	}
	if !sum.First.Equal(captureBegan) || sum.Last.Sub(captureBegan) < time.Hour || !sum.Guessed {
		t.Errorf("%+v", sum)
	}
	s := all[1]
	newest := s.Packets.Log[0]
	if newest.Way != Out || newest.Method != GetPeers || newest.Target != hash || newest.Took != 300*time.Microsecond || !newest.Token {
		t.Errorf("the newest packet is %+v", newest)
	}
	if !strings.HasPrefix(s.Notice(), "This is a capture of 10.0.0.5:6881") {
		t.Errorf("notices %q", s.Notices)
	}
}

func TestNoPacketOfABusySecondIsMissing(t *testing.T) {
	file := newCaptureFile(t)
	for i := range MaxPackets + 7 {
		file.ask(captureBegan.Add(time.Duration(i)*10*time.Microsecond), i, ID{byte(i)})
	}
	all, _ := file.read(t, netip.AddrPort{})
	next := uint64(1)
	for _, s := range all {
		for _, p := range slices.Backward(s.Packets.Log) {
			switch {
			case p.Seq == next:
				next++
			case p.Seq > next:
				t.Fatalf("packet %d comes after %d", p.Seq, next-1)
			}
		}
	}
	if next != 2*(MaxPackets+7)+1 {
		t.Errorf("%d packets", next-1)
	}
}

func TestAnnouncesSamplesAndLossesOfACaptureAreCounted(t *testing.T) {
	file, hash := newCaptureFile(t), ID{0x80, 1}
	query := func(at time.Duration, from, to netip.AddrPort, tid string, q *wire.Query) {
		file.add(captureBegan.Add(at), 0, from, to, wire.AppendQuery(nil, ID{9}, []byte(tid), false, q))
	}
	reply := func(at time.Duration, from, to netip.AddrPort, tid string, a *wire.Answer) {
		file.add(captureBegan.Add(at), 0, from, to, wire.AppendReply(nil, ID{7}, []byte(tid), to, a))
	}
	query(0, capturePeer(1), captureOurs, "a1", &wire.Query{Method: wire.AnnouncePeer, Target: hash, Port: 999, Token: []byte("t")})
	reply(1, captureOurs, capturePeer(1), "a1", &wire.Answer{})
	query(2, capturePeer(2), captureOurs, "a2", &wire.Query{Method: wire.AnnouncePeer, Target: hash, ImpliedPort: true, Token: []byte("t")})
	reply(3, captureOurs, capturePeer(2), "a2", &wire.Answer{})
	query(4, capturePeer(3), captureOurs, "a3", &wire.Query{Method: wire.AnnouncePeer, Target: hash, Port: 999, Token: []byte("bad")})
	file.add(captureBegan.Add(5), 0, captureOurs, capturePeer(3), wire.AppendError(nil, []byte("a3"), capturePeer(3), wire.CodeProtocol, "bad token"))
	query(6, captureOurs, capturePeer(4), "b1", &wire.Query{Method: wire.SampleInfohashes, Target: hash})
	reply(7, capturePeer(4), captureOurs, "b1", &wire.Answer{Samples: slices.Concat(hash[:], make([]byte, 20))})
	query(8, captureOurs, capturePeer(5), "b2", &wire.Query{Method: wire.Ping})
	query(time.Minute, captureOurs, capturePeer(4), "b3", &wire.Query{Method: wire.Ping})
	all, _ := file.read(t, netip.AddrPort{})
	s := all[len(all)-1]
	i := slices.IndexFunc(s.Hashes.Top, func(r HashRow) bool { return r.InfoHash == hash })
	if i < 0 || s.Hashes.Top[i].Announces != 2 || s.Hashes.Top[i].Peers != 2 || s.Hashes.Top[i].Samples != 1 {
		t.Errorf("the ranking is %+v", s.Hashes.Top)
	}
	var peers []string
	for i := range s.Events {
		if s.Events[i].Kind == Announced {
			peers = append(peers, s.Events[i].Addr.String())
		}
	}
	if want := []string{"91.201.0.1:999", "91.201.0.2:51413"}; !slices.Equal(peers, want) {
		t.Errorf("peers %q, want %q", peers, want)
	}
	if s.Traffic.TimedOut != 1 || s.Traffic.Methods[Ping].TimedOut != 1 || s.Traffic.ErrorsOut != 1 {
		t.Errorf("%+v", s.Traffic.Stats)
	}
}

func TestACaptureWithoutMessagesSaysWhy(t *testing.T) {
	ping := wire.AppendQuery(nil, ID{1}, []byte("aa"), false, &wire.Query{Method: wire.Ping})
	for _, c := range []struct {
		payload []byte
		size    int
		ours    netip.AddrPort
		want    string
	}{
		{nil, -1, netip.AddrPort{}, "there is no UDP datagram"},
		{[]byte("hello"), 5, netip.AddrPort{}, "none of the 1 UDP datagram in this capture is a message of the DHT"},
		{ping[:30], len(ping), netip.AddrPort{}, "tcpdump -s 0"},
		{ping, len(ping), netip.MustParseAddrPort("9.9.9.9:1"), "name another address"},
	} {
		file := newCaptureFile(t)
		if c.size >= 0 {
			if err := file.w.Write(&pcapng.Datagram{At: captureBegan, From: capturePeer(1), To: captureOurs, Payload: c.payload, Size: c.size}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := ReadCapture(t.Context(), file.reader(), c.ours, func(*Snapshot) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.payload, err, c.want)
		}
	}
	file := newCaptureFile(t)
	file.ask(captureBegan, 1, ID{1})
	full := errors.New("the disk is full")
	if _, err := ReadCapture(t.Context(), file.reader(), netip.AddrPort{}, func(*Snapshot) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
	if _, err := ReadCapture(t.Context(), strings.NewReader("no capture"), netip.AddrPort{}, nil); !errors.Is(err, pcapng.ErrNoCapture) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadCapture(ctx, file.reader(), netip.AddrPort{}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Whatever is in the messages, there are Snapshots or an error.
func FuzzReadCapture(f *testing.F) {
	f.Add(wire.AppendQuery(nil, ID{1}, []byte("aa"), false, &wire.Query{Method: wire.GetPeers, Target: ID{2}}),
		wire.AppendReply(nil, ID{3}, []byte("aa"), captureOurs, &wire.Answer{Values: make([]byte, 12), ValueLen: 6, Samples: make([]byte, 40)}), int64(time.Second))
	f.Add([]byte("d1:y1:qe"), []byte("d1:eli203e1:xe1:t2:aa1:y1:ee"), int64(-1))
	f.Fuzz(func(t *testing.T, one, other []byte, after int64) {
		file := newCaptureFile(t)
		if len(one) > 1400 || len(other) > 1400 {
			return
		}
		at := captureBegan
		for i := range 4 {
			from, to, payload := captureOurs, capturePeer(i/2), one
			if i%2 == 1 {
				payload = other
			}
			if i%3 == 1 {
				from, to = to, from
			}
			file.add(at, 0, from, to, payload)
			at = at.Add(time.Duration(after % int64(24*time.Hour)))
		}
		last := uint64(0)
		_, err := ReadCapture(t.Context(), file.reader(), captureOurs, func(s *Snapshot) error {
			if s.Revision <= last {
				t.Fatalf("revision %d follows %d", s.Revision, last)
			}
			last = s.Revision
			return nil
		})
		if (last == 0) == (err == nil) {
			t.Fatalf("%d Snapshots, %v", last, err)
		}
	})
}

func BenchmarkReadCapture(b *testing.B) {
	const messages = 20_000
	file := newCaptureFile(b)
	for i := range messages / 2 {
		file.ask(captureBegan.Add(time.Duration(i)*10*time.Millisecond), i%3000, ID{byte(i), byte(i >> 3)}) // 200 a second
	}
	for b.Loop() {
		file.read(b, captureOurs)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*messages), "ns/message")
}
