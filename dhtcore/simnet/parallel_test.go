package simnet

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// The answers to a hundred lookups that start at once come back at once, as all nodes are equally far
// away, and nothing limits what we send. In mainline#38 such a burst lost 93 % of the answers.
func TestAHundredLookupsAtOnceLoseNoReplies(t *testing.T) {
	const lookups, nodes = 100, 20
	socket, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), ourBatch)
	if err != nil {
		t.Fatal(err)
	}
	var arrived atomic.Uint64
	n, err := Loopback(Config{Nodes: nodes, Seed: 1, MinRTT: 20 * time.Millisecond, MaxRTT: 20 * time.Millisecond,
		Tap: func(_ wire.Contact, p node.Packet) {
			var m wire.Message // and no reply: the nodes ping us, sooner or later
			if p.Addr == socket.LocalAddr() && wire.Scan(p.Buf, &m) == nil && m.Kind == wire.KindQuery {
				arrived.Add(1)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	us := node.New(node.Config{ID: wire.RandomID(), Batch: ourBatch, Conn: socket})
	us.Vouch(n.Contacts())
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx, testnet.Demand{}) })
	running.Go(func() { us.Run(ctx) }) //nolint:errcheck // ends with the test
	defer running.Wait()
	defer cancel()

	several(lookups, lookups, func(i int) {
		target := testnet.InfoHash(1, i)
		s := lookup.New(lookup.Config{Target: target, Method: wire.GetPeers, Querier: us, Self: []wire.ID{us.ID()},
			Seeds: us.Closest(target, 2*lookup.DefaultK)}).Run(ctx)
		if s.Err != "" {
			t.Errorf("lookup %d had %d replies, %s", i, s.Replied, s.Err)
		}
	})
	// On a busy machine much is still under way when the lookups end. A reply that comes then is unsolicited, but not lost.
	var stats node.Stats
	var asked, replied uint64
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
		stats = us.Stats()
		asked, replied = arrived.Load(), stats.RepliesIn+stats.Unsolicited
		if asked*100 >= stats.QueriesOut*99 && replied*100 >= asked*99 {
			break
		}
	}
	if asked < lookups*lookup.DefaultK || replied*100 < asked*99 {
		t.Errorf("%d queries arrived, %d replies came back", asked, replied)
	}
	if asked*100 < stats.QueriesOut*99 {
		t.Errorf("%d queries left, %d arrived", stats.QueriesOut, asked)
	}
	t.Logf("%d queries, %d replies", asked, replied)
}
