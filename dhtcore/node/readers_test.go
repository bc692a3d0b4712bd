package node_test

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

// dealt is a socket in memory that deals what arrives to several readers: each packet to one of them.
func dealt(t *testing.T, mem *simnet.Memnet, addr netip.AddrPort, readers int) (first node.Conn, more []node.Conn) {
	t.Helper()
	conn, err := mem.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	for range readers - 1 {
		more = append(more, conn)
	}
	return conn, more
}

// runReaders runs a node with two readers in memory.
func runReaders(t *testing.T, cfg node.Config, test func(n *node.Node, mem *simnet.Memnet)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		mem := simnet.NewMemnet(0, 1)
		cfg.ID = wire.RandomID()
		cfg.Conn, cfg.MoreConns = dealt(t, mem, nodeAddr, 2)
		n := node.New(cfg)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- n.Run(ctx) }()
		test(n, mem)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestReadersOfANodeAnswerEachQueryOnceAndCountItOnce(t *testing.T) {
	const askers, each = 50, 20
	var requested atomic.Int64
	observe := func(e node.Event) {
		if e.Kind == node.Requested {
			requested.Add(1)
		}
	}
	runReaders(t, node.Config{Observe: observe, Limits: node.Limits{InboundBytes: 1 << 30}}, func(n *node.Node, mem *simnet.Memnet) {
		var asking sync.WaitGroup
		for i := range askers {
			conn, err := mem.Listen(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 2, byte(i)}), 6881))
			if err != nil {
				t.Fatal(err)
			}
			asking.Go(func() {
				defer conn.Close()
				in := []node.Packet{{Buf: make([]byte, 0, 2048)}}
				for k := range byte(each) {
					q := wire.AppendQuery(nil, foreignID, []byte{k}, true, &wire.Query{Method: wire.GetPeers, Target: someHash})
					conn.WriteBatch([]node.Packet{{Buf: q, Addr: nodeAddr}}) //nolint:errcheck // never fails
					var m wire.Message
					if _, err := conn.ReadBatch(in); err != nil || wire.Scan(in[0].Buf, &m) != nil || m.Kind != wire.KindReply || m.TID[0] != k {
						t.Errorf("the answer is %q, %v", in[0].Buf, err)
					}
				}
			})
		}
		asking.Wait()
		synctest.Wait()
		s, m := n.Stats(), n.Stats().Methods[wire.GetPeers]
		if total := uint64(askers * each); s.PacketsIn != total || s.PacketsOut != total || m.In != total || m.RepliesOut != total || requested.Load() != askers*each {
			t.Errorf("%d packets in, %d out, %d queries, %d replies, %d requests; want %d of each", s.PacketsIn, s.PacketsOut, m.In, m.RepliesOut, requested.Load(), total)
		}
	})
}

func TestReadersShareTheFloodControl(t *testing.T) {
	const perSource = 10
	runReaders(t, node.Config{Limits: node.Limits{InboundPerSource: perSource}}, func(n *node.Node, mem *simnet.Memnet) {
		conn, err := mem.Listen(foreignAddr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		q := wire.AppendQuery(nil, foreignID, []byte("aa"), true, &wire.Query{Method: wire.Ping})
		for range 900 { // fewer than wait at an address before more are dropped
			conn.WriteBatch([]node.Packet{{Buf: q, Addr: nodeAddr}}) //nolint:errcheck // never fails
		}
		synctest.Wait()
		s := n.Stats()
		if replies := s.Methods[wire.Ping].RepliesOut; replies != 5*perSource || s.Flooded != 900-5*perSource {
			t.Errorf("%d replies and %d dropped, want %d and %d", replies, s.Flooded, 5*perSource, 900-5*perSource)
		}
		if blocked := n.Blocked(time.Now()); len(blocked) != 1 || blocked[0] != foreignAddr {
			t.Errorf("blocked %v", blocked)
		}
	})
}

// On sockets of the system a reply may come to another one than that which sent the query.
func TestSocketsThatShareAPortAreOneNode(t *testing.T) {
	var nodes []*node.Node
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for range 2 {
		conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 8)
		needs.NoError(t, err, "a socket on loopback")
		all := node.Share(conn, 3)
		n := node.New(node.Config{ID: wire.RandomID(), Conn: conn, MoreConns: all[1:], Batch: 8})
		running.Go(func() {
			if err := n.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		nodes = append(nodes, n)
	}
	us, to := nodes[0], wire.Contact{ID: nodes[1].ID(), Addr: nodes[1].Addr()}
	for range 50 {
		if _, err := us.Ping(ctx, to); err != nil {
			t.Fatal(err)
		}
	}
	for range 40 { // each from a port of its own
		conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
		needs.NoError(t, err, "a socket on loopback")
		asker := node.New(node.Config{ID: wire.RandomID(), Conn: conn, ReadOnly: true})
		running.Go(func() {
			if err := asker.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		if reply, err := asker.Ping(ctx, to); err != nil || reply.From.ID != to.ID {
			t.Fatalf("%+v, %v", reply, err)
		}
	}
	if s := nodes[1].Stats(); s.Methods[wire.Ping].RepliesOut != 90 || s.Methods[wire.Ping].In != 90 {
		t.Errorf("%+v", s.Methods[wire.Ping])
	}
}

func TestTheEventsOfABatchOfQueriesAreToldAtOnceInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := simnet.NewMemnet(0, 1)
		conn, err := mem.Listen(nodeAddr)
		if err != nil {
			t.Fatal(err)
		}
		var told [][]node.Event
		n := node.New(node.Config{ID: wire.RandomID(), Conn: batches{conn}, Batch: 8, Vantage: 3,
			ObserveQueries: func(events []node.Event) { told = append(told, append([]node.Event(nil), events...)) }})
		foreign, err := mem.Listen(foreignAddr)
		if err != nil {
			t.Fatal(err)
		}
		defer foreign.Close()
		for i := range byte(5) {
			q := wire.AppendQuery(nil, foreignID, []byte("aa"), true, &wire.Query{Method: wire.GetPeers, Target: wire.ID{i}})
			foreign.WriteBatch([]node.Packet{{Buf: q, Addr: nodeAddr}}) //nolint:errcheck // never fails
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- n.Run(ctx) }()
		synctest.Wait()
		if len(told) != 1 || len(told[0]) != 5 {
			t.Fatalf("told %d times, %+v", len(told), told)
		}
		for i, e := range told[0] {
			if e.Kind != node.Requested || e.Hash != (wire.ID{byte(i)}) || e.Vantage != 3 {
				t.Errorf("event %d is %+v", i, e)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// batches is a socket in memory that reads five packets at once.
type batches struct{ node.Conn }

func (b batches) ReadBatch(ps []node.Packet) (n int, err error) {
	for ; n < 5 && err == nil; n++ {
		_, err = b.Conn.ReadBatch(ps[n:])
	}
	return n, err
}
