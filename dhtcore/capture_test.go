package dhtcore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/simnet"
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

// capturedConn is a socket whose traffic is captured.
type capturedConn struct {
	node.Conn
	file *captureFile
}

func (c capturedConn) ReadBatch(ps []node.Packet) (int, error) {
	n, err := c.Conn.ReadBatch(ps)
	for _, p := range ps[:n] {
		c.file.add(time.Now(), pcapng.UnknownWay, p.Addr, c.LocalAddr(), p.Buf)
	}
	return n, err
}

func (c capturedConn) WriteBatch(ps []node.Packet) (int, error) {
	for _, p := range ps {
		c.file.add(time.Now(), pcapng.UnknownWay, c.LocalAddr(), p.Addr, p.Buf)
	}
	return c.Conn.WriteBatch(ps)
}

// A node that is captured, and its capture, must agree on what was seen.
func TestACaptureShowsWhatTheNodeItselfHasSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file, mem := newCaptureFile(t), simnet.NewMemnet(0, 1)
		var nodes []*Explorer
		for i := range 8 {
			addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(1 + i)}), 6881)
			e, err := openOn(func(at netip.AddrPort, _ int) (node.Conn, error) {
				conn, err := mem.Listen(at)
				if i == 0 && err == nil {
					conn = capturedConn{conn, file}
				}
				return conn, err
			}, Config{Bind: []netip.Addr{addr.Addr()}, Port: addr.Port(), Bootstrap: []string{"10.0.0.2:6881"}})
			if err != nil {
				t.Fatal(err)
			}
			nodes = append(nodes, e)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		for _, e := range nodes {
			running.Go(func() {
				if err := e.Run(ctx); err != nil {
					t.Errorf("Run: %v", err)
				}
			})
		}
		time.Sleep(10 * time.Second)
		var hashes []ID
		for i := range 3 {
			hashes = append(hashes, wire.RandomID())
			for j, e := range nodes[1 : 3+2*i] {
				e.Announce(ctx, hashes[i], uint16(1000+j), false)
			}
		}
		nodes[0].Lookup(ctx, hashes[2])
		time.Sleep(2 * time.Second)
		live := nodes[0].Snapshot()
		cancel()
		running.Wait()

		all, sum := file.read(t, netip.AddrPort{})
		s := all[len(all)-1]
		if len(sum.Ours) != 1 || sum.Ours[0] != live.Nodes[0].Addr || sum.Foreign > 0 || sum.File.Datagrams == 0 {
			t.Fatalf("%+v", sum)
		}
		if s.Nodes[0].ID != live.Nodes[0].ID || s.Nodes[0].Good != live.Nodes[0].Good {
			t.Errorf("%s with %d good nodes, want %s with %d", s.Nodes[0].ID, s.Nodes[0].Good, live.Nodes[0].ID, live.Nodes[0].Good)
		}
		if len(live.Hashes.Top) < 3 {
			t.Fatalf("the node has seen %d hashes", len(live.Hashes.Top))
		}
		for i := range live.Hashes.Top {
			want := &live.Hashes.Top[i]
			got := HashRow{}
			if at := slices.IndexFunc(s.Hashes.Top, func(r HashRow) bool { return r.InfoHash == want.InfoHash }); at >= 0 {
				got = s.Hashes.Top[at]
			}
			if got.Requests != want.Requests || got.Announces != want.Announces || got.Sources != want.Sources || got.Peers != want.Peers {
				t.Errorf("hash %d: %d requests, %d announces, %d sources, %d peers, want %d, %d, %d, %d", i, got.Requests, got.Announces, got.Sources, got.Peers,
					want.Requests, want.Announces, want.Sources, want.Peers)
			}
		}
		if s.Tally.Clients.Askers != live.Tally.Clients.Askers || s.Tally.Clients.Repliers != live.Tally.Clients.Repliers || s.Tally.Clients.Rows[0].Name != "dhtop" {
			t.Errorf("clients %+v, want %+v", s.Tally.Clients, live.Tally.Clients)
		}
		compareLookups(t, s, live, hashes[2])
		for m := range live.Traffic.Methods {
			got, want := s.Traffic.Methods[m], live.Traffic.Methods[m]
			got.TimedOut, want.TimedOut = 0, 0 // the node does not wait as long
			if got != want {
				t.Errorf("%s: %+v, want %+v", Method(m), got, want)
			}
		}
		if s.Traffic.BytesIn != live.Traffic.BytesIn || s.Traffic.BytesOut != live.Traffic.BytesOut {
			t.Errorf("%d and %d bytes, want %d and %d", s.Traffic.BytesIn, s.Traffic.BytesOut, live.Traffic.BytesIn, live.Traffic.BytesOut)
		}
	})
}

// compareLookups compares the lookup of a hash in two Snapshots. A capture cannot tell which nodes we knew before.
func compareLookups(t *testing.T, got, want *Snapshot, hash ID) {
	t.Helper()
	find := func(s *Snapshot) *LookupState {
		i := slices.IndexFunc(s.Lookups, func(l LookupState) bool { return l.Target == hash })
		if i < 0 {
			t.Fatalf("no lookup of %s among %d", hash, len(s.Lookups))
		}
		return &s.Lookups[i]
	}
	a, b := find(got), find(want)
	if a.Method != b.Method || a.Queries != b.Queries || a.Asked != b.Asked || a.Replied != b.Replied || a.ClosestBits != b.ClosestBits || len(a.Steps) != len(b.Steps) ||
		len(a.Peers) != len(b.Peers) || len(a.Closest) != len(b.Closest) {
		t.Fatalf("a lookup %+v, want %+v", a, b)
	}
	for i := range b.Steps {
		want := &b.Steps[i]
		if j := slices.IndexFunc(a.Steps, func(s Step) bool { return s.Contact == want.Contact }); j < 0 || a.Steps[j].State != want.State ||
			a.Steps[j].Bits != want.Bits || a.Steps[j].Nodes != want.Nodes || a.Steps[j].Peers != want.Peers || a.Steps[j].Token != want.Token {
			t.Errorf("step %d of %+v, want %+v", j, a.Steps, *want)
		}
	}
	for i := range b.Peers {
		if want := &b.Peers[i]; !slices.ContainsFunc(a.Peers, func(p Peer) bool { return p.Addr == want.Addr && len(p.From) == len(want.From) }) {
			t.Errorf("peers %+v, want %+v", a.Peers, *want)
		}
	}
}

func TestALookupInACaptureIsShownHopByHop(t *testing.T) {
	file, hash := newCaptureFile(t), ID{0x80, 1}
	near, far, lost := wire.Contact{ID: ID{0x80, 3}, Addr: capturePeer(1)}, wire.Contact{ID: ID{0xc0}, Addr: capturePeer(0)}, wire.Contact{ID: ID{0x81}, Addr: capturePeer(2)}
	ask := func(ms int, to wire.Contact, tid string) {
		file.add(captureBegan.Add(time.Duration(ms)*time.Millisecond), 0, captureOurs, to.Addr,
			wire.AppendQuery(nil, ID{9}, []byte(tid), false, &wire.Query{Method: wire.GetPeers, Target: hash}))
	}
	answer := func(ms int, from wire.Contact, tid string, a *wire.Answer) {
		file.add(captureBegan.Add(time.Duration(ms)*time.Millisecond), 0, from.Addr, captureOurs, wire.AppendReply(nil, from.ID, []byte(tid), captureOurs, a))
	}
	ask(0, far, "aa")
	answer(50, far, "aa", &wire.Answer{Nodes: wire.AppendContact(wire.AppendContact(nil, near), lost)})
	ask(60, near, "ab")
	ask(61, lost, "ac")
	peers := wire.AppendAddr(nil, capturePeer(7))
	answer(160, near, "ab", &wire.Answer{Token: []byte("t"), Values: peers, ValueLen: len(peers)})
	ask(40_000, far, "ad") // of another lookup, too small to be one
	all, _ := file.read(t, netip.AddrPort{})
	s := all[len(all)-1]
	if len(s.Lookups) != 1 {
		t.Fatalf("%d lookups", len(s.Lookups))
	}
	l := &s.Lookups[0]
	if !l.Done || l.Ending.String() != "starvation" || l.Queries != 3 || l.Replied != 2 || l.TimedOut != 1 || l.FirstPeer != 160*time.Millisecond || len(l.Closest) != 2 || l.Closest[0].ID != near.ID {
		t.Errorf("%+v", l)
	}
	for i, want := range []Step{
		{Contact: far, State: Replied, Round: 1, RTT: 50 * time.Millisecond},
		{Contact: near, State: Replied, Round: 2, RTT: 100 * time.Millisecond, Asked: 60 * time.Millisecond, Referrer: far.ID, Peers: 1, Token: true},
		{Contact: lost, State: TimedOut, Round: 2, Asked: 61 * time.Millisecond, Referrer: far.ID},
	} {
		got := l.Steps[i]
		if got.Contact != want.Contact || got.State != want.State || got.Round != want.Round || got.RTT != want.RTT || got.Asked != want.Asked ||
			got.Referrer != want.Referrer || got.Peers != want.Peers || got.Token != want.Token {
			t.Errorf("step %d is %+v, want %+v", i, got, want)
		}
	}
	cause, known := CausesIn(s).Of(s.Packets.Log[len(s.Packets.Log)-3])
	if !known || cause.Referrer != far.Addr || cause.Step.Addr != near.Addr {
		t.Errorf("the query to the second node is explained by %+v, %v", cause, known)
	}
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

func TestWhichSideIsOursIsGuessed(t *testing.T) {
	addr := netip.MustParseAddrPort
	public, other, six := addr("91.201.41.182:6881"), addr("203.0.113.9:6881"), addr("[2001:db8::5]:6881")
	second := netip.AddrPortFrom(captureOurs.Addr(), 6882)
	type pair struct {
		from, to netip.AddrPort
		way      pcapng.Way
		n        int
	}
	for _, c := range []struct {
		name   string
		pairs  []pair
		wanted netip.AddrPort
		want   []netip.AddrPort
	}{
		{"the one with most messages", []pair{{public, other, 0, 3}, {public, capturePeer(1), 0, 3}, {capturePeer(2), other, 0, 2}}, netip.AddrPort{}, []netip.AddrPort{public}},
		{"a private address of two", []pair{{public, captureOurs, 0, 3}, {captureOurs, public, 0, 3}}, netip.AddrPort{}, []netip.AddrPort{captureOurs}},
		{"the side that the capture tells", []pair{{public, other, pcapng.Outbound, 3}, {other, public, pcapng.Inbound, 3}, {other, capturePeer(1), 0, 4}}, netip.AddrPort{}, []netip.AddrPort{public}},
		{"another identity", []pair{{captureOurs, public, 0, 5}, {second, other, 0, 4}}, netip.AddrPort{}, []netip.AddrPort{captureOurs, second}},
		{"not one that asks the other", []pair{{captureOurs, second, 0, 5}, {second, captureOurs, 0, 4}}, netip.AddrPort{}, []netip.AddrPort{captureOurs}},
		{"IPv6 as well", []pair{{captureOurs, public, 0, 5}, {six, addr("[2001:db8:1::1]:1"), 0, 2}, {addr("[2001:db8:1::2]:1"), six, 0, 2}}, netip.AddrPort{}, []netip.AddrPort{captureOurs, six}},
		{"the wanted one", []pair{{captureOurs, public, 0, 5}, {public, other, 0, 1}}, other, []netip.AddrPort{other}},
		{"one at the wanted address", []pair{{captureOurs, public, 0, 5}, {public, other, 0, 1}}, netip.AddrPortFrom(other.Addr(), 0), []netip.AddrPort{other}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := newCaptureFile(t)
			for _, p := range c.pairs {
				for range p.n {
					file.add(captureBegan, p.way, p.from, p.to, wire.AppendQuery(nil, ID{1}, []byte("aa"), false, &wire.Query{Method: wire.Ping}))
				}
			}
			if _, sum := file.read(t, c.wanted); !slices.Equal(sum.Ours, c.want) || sum.Guessed == (c.wanted.Port() != 0) {
				t.Errorf("%+v, want %v", sum, c.want)
			}
		})
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

func TestACaptureBecomesARecording(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "capture.pcapng"), filepath.Join(dir, "capture.dhtrec")
	file := newCaptureFile(t)
	for i := range 3 {
		file.ask(captureBegan.Add(time.Duration(i)*time.Second), i, ID{0x80, byte(i)})
	}
	if err := os.WriteFile(from, file.file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	done := 0.0
	sum, err := ImportCapture(t.Context(), from, to, netip.AddrPort{}, func(d float64) { done = d })
	if err != nil || sum.Messages != 6 || done != 1 {
		t.Fatalf("%+v, %v, %v of it was read", sum, err, done)
	}
	p, err := OpenPlayback(to)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s, _, err := p.At(captureBegan.Add(2 * time.Second))
	if err != nil || s.Hashes.Requests != 2 || len(s.Packets.Log) != 4 || s.Packets.Log[0].Took != 300*time.Microsecond {
		t.Errorf("%+v, %v", s, err)
	}
	if !IsCaptureFile(from) || IsCaptureFile(to) || IsCaptureFile(dir) || IsCaptureFile(filepath.Join(dir, "none")) {
		t.Error("captures and recordings are mistaken for each other")
	}
	if _, err := ImportCapture(t.Context(), to, filepath.Join(dir, "other"), netip.AddrPort{}, nil); !errors.Is(err, pcapng.ErrNoCapture) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "other")); err == nil {
		t.Error("a recording of nothing is left behind")
	}
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
