package dhtcore

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// feed is a socket that carries prepared packets to a node and counts its answers.
type feed struct {
	packets [][]byte
	from    netip.AddrPort
	askers  []netip.AddrPort // in place of from, in turns
	orders  chan int         // how many packets to carry
	done    chan struct{}
	left    int
	next    int
	answers int
	last    []byte // the last answer
	once    sync.Once
}

func newFeed(packets ...[]byte) *feed {
	return &feed{packets: packets, from: addrPort("203.0.113.9:6881"), orders: make(chan int), done: make(chan struct{})}
}

// carry has the node deal with n packets.
func (f *feed) carry(n int) {
	f.orders <- n
	<-f.done
}

func (f *feed) ReadBatch(ps []node.Packet) (int, error) {
	for f.left == 0 {
		if f.answers > 0 {
			f.answers = 0
			f.done <- struct{}{}
		}
		n, open := <-f.orders
		if !open {
			return 0, net.ErrClosed
		}
		f.left = n
	}
	n := min(len(ps), f.left)
	for i := range ps[:n] {
		ps[i].Buf = append(ps[i].Buf[:0], f.packets[f.next%len(f.packets)]...)
		ps[i].Addr = f.from
		if len(f.askers) > 0 {
			ps[i].Addr = f.askers[f.next%len(f.askers)]
		}
		f.next++
	}
	f.left -= n
	return n, nil
}

// WriteBatch passes over the node's own queries, which its upkeep sends now and then.
func (f *feed) WriteBatch(ps []node.Packet) (int, error) {
	if bytes.HasSuffix(ps[0].Buf, []byte("1:y1:qe")) {
		return len(ps), nil
	}
	f.answers += len(ps)
	f.last = ps[len(ps)-1].Buf
	return len(ps), nil
}

func (f *feed) LocalAddr() netip.AddrPort { return addrPort("192.0.2.1:6881") }
func (f *feed) Close() error              { f.once.Do(func() { close(f.orders) }); return nil }

// hotNode is a node wired to an Explorer's ledger and journal, with a full table, that reads from f, and from more with a reader
// for each.
func hotNode(tb testing.TB, f *feed, more ...*feed) *Explorer {
	tb.Helper()
	e, _ := hotNodeOn(tb, conns(append([]*feed{f}, more...)))
	return e
}

// hotNodeOn is hotNode on any sockets.
func hotNodeOn(tb testing.TB, sockets []node.Conn) (*Explorer, *node.Node) {
	tb.Helper()
	e, err := Open(offline(""))
	if err != nil {
		tb.Fatal(err)
	}
	n := node.New(node.Config{ID: wire.RandomID(), Conn: sockets[0], MoreConns: sockets[1:], Batch: batchSize, Peers: e.swarms,
		Askers: e.tallier.Askers, Repliers: e.tallier.Repliers, Observe: e.observer.observe, ObserveQueries: e.observer.observeQueries})
	for i := range 400 {
		ip := netip.AddrFrom4([4]byte{204, byte(i >> 4), byte(i), 1})
		n.Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: netip.AddrPortFrom(ip, 6881)}})
	}
	ctx, cancel := context.WithCancel(tb.Context())
	ended := make(chan error)
	go func() { ended <- n.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		<-ended //nolint:errcheck // ended by us
		e.Close()
	})
	return e, n
}

func conns[C node.Conn](all []C) (conns []node.Conn) {
	for _, c := range all {
		conns = append(conns, c)
	}
	return conns
}

// hotQueries are the five hot methods; the announce carries a token that the node gave.
func hotQueries(tb testing.TB) map[wire.Method][]byte {
	tb.Helper()
	id, hash := wire.RandomID(), wire.RandomID()
	queries := map[wire.Method][]byte{}
	for _, m := range []wire.Method{wire.Ping, wire.FindNode, wire.GetPeers, wire.SampleInfohashes, wire.AnnouncePeer} {
		queries[m] = wire.AppendQuery(nil, id, []byte("aa"), false, &wire.Query{Method: m, Target: hash})
	}
	return queries
}

func announceWithToken(tb testing.TB, f *feed, queries map[wire.Method][]byte) []byte {
	tb.Helper()
	f.packets = [][]byte{queries[wire.GetPeers]}
	f.carry(1)
	var asked, answer wire.Message
	if err := wire.Scan(f.last, &answer); err != nil || len(answer.Token) == 0 {
		tb.Fatalf("no token in %q", f.last)
	}
	if err := wire.Scan(queries[wire.GetPeers], &asked); err != nil {
		tb.Fatal(err)
	}
	return wire.AppendQuery(nil, asked.ID, []byte("aa"), false, &wire.Query{Method: wire.AnnouncePeer,
		Target: asked.Target, Token: append([]byte(nil), answer.Token...), Port: 6881})
}

func TestAMillionAnnouncesWithBadTokensChangeNothing(t *testing.T) {
	f := newFeed()
	e := hotNode(t, f)
	for i := range 64 {
		q := &wire.Query{Method: wire.AnnouncePeer, Target: wire.RandomID(), Port: 6881, Token: []byte("xxxxxxxx")[:i%9]}
		f.packets = append(f.packets, wire.AppendQuery(nil, wire.RandomID(), []byte("aa"), false, q))
	}
	announces := 1_000_000
	if raceEnabled {
		announces /= 10 // the detector takes ten times as long
	}
	f.carry(announces)
	swarms, peers := e.swarms.Len()
	if totals := e.ledger.Totals(); swarms+peers+totals.Hashes != 0 || totals.Announces != 0 {
		t.Errorf("%d swarms, %d peers, ledger %+v", swarms, peers, totals)
	}
	if !strings.Contains(string(f.last), "bad token") {
		t.Errorf("the last answer was %q", f.last)
	}
}

// BenchmarkHotPath is the cost of a packet without the socket: scanned, counted, judged, answered.
func BenchmarkHotPath(b *testing.B) {
	f := newFeed()
	hotNode(b, f)
	queries := hotQueries(b)
	queries[wire.AnnouncePeer] = announceWithToken(b, f, queries)
	mix := []struct {
		method wire.Method
		share  int
	}{{wire.Ping, 10}, {wire.FindNode, 30}, {wire.GetPeers, 48}, {wire.AnnouncePeer, 10}, {wire.SampleInfohashes, 2}}
	run := func(b *testing.B, packets [][]byte) {
		f.packets = packets
		b.ReportAllocs()
		f.carry(b.N)
	}
	var all [][]byte
	for _, m := range mix {
		b.Run(fmt.Sprint(m.method), func(b *testing.B) { run(b, [][]byte{queries[m.method]}) })
		for range m.share {
			all = append(all, queries[m.method])
		}
	}
	b.Run("mix", func(b *testing.B) { run(b, all) })
}
