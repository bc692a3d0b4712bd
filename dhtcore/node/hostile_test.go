package node_test

import (
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// packets are valid messages to mutate.
var packets = []string{
	query("ping", ""), query("find_node", target(someHash)), query("get_peers", infoHash(someHash)),
	query("announce_peer", infoHash(someHash)+"4:porti51413e5:token8:xxxxxxxx"),
	query("sample_infohashes", target(someHash)), query("put", "1:v1000:"),
	"d1:q13:announce_peer1:t2:aa1:y1:qe", "d1:q3:put1:t2:aa1:y1:qe",
	reply("aa"), "d1:eli201e5:sorrye1:t2:aa1:y1:ee",
}

func hostilePacket(r *rand.Rand) []byte {
	if r.IntN(4) == 0 {
		b := make([]byte, r.IntN(1500))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	b := []byte(packets[r.IntN(len(packets))])
	for range r.IntN(4) {
		switch at := r.IntN(len(b)); r.IntN(4) {
		case 0:
			b[at] = byte(r.Uint32())
		case 1:
			b = b[:at+1]
		case 2:
			b = append(b[:at], append([]byte(packets[r.IntN(len(packets))]), b[at:]...)...)
		case 3:
			b[at] = "dlei0123456789:-"[r.IntN(16)]
		}
	}
	return b
}

// Ten thousand packets at the real socket: each is counted, and the node answers afterwards as before.
func TestNoPacketStopsTheNodeAndEveryOneIsCounted(t *testing.T) {
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 64)
	if err != nil {
		t.Fatal(err)
	}
	n := node.New(node.Config{ID: wire.RandomID(), Conn: conn, Batch: 64})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	client, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(n.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	r := rand.New(rand.NewPCG(1, 2))
	const total, burst = 10_000, 100
	for sent := 0; sent < total; {
		for range burst {
			if _, err := client.Write(hostilePacket(r)); err != nil {
				t.Fatal(err)
			}
			sent++
		}
		waitFor(t, "all packets to be counted", func() bool { return n.Stats().PacketsIn == uint64(sent) })
	}
	s := n.Stats()
	sorted := s.Malformed + s.Unsolicited + s.RepliesIn + s.ErrorsIn
	for _, m := range s.Methods {
		sorted += m.In
	}
	if sorted != total {
		t.Errorf("%d of %d packets were sorted into a count: %+v", sorted, total, s)
	}
	if s.Malformed == 0 || s.Unsolicited == 0 || s.ErrorsOut == 0 {
		t.Errorf("the packets were not hostile enough: %+v", s)
	}
	other := node.New(node.Config{ID: wire.RandomID(), Conn: mustListen(t)})
	go other.Run(ctx) //nolint:errcheck // ends with the test
	if _, err := other.Ping(ctx, wire.Contact{Addr: n.Addr()}); err != nil {
		t.Errorf("ping afterwards: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func mustListen(t *testing.T) node.Conn {
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// waitFor polls, as a real socket has no event to wait for.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited 10 s for %s", what)
		}
	}
}
