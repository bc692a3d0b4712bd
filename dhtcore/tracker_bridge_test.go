package dhtcore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// watchedConn counts the datagrams that go out, and those that announce or tell of an address.
type watchedConn struct {
	node.Conn
	secret                 []byte // a compact address
	sent, announced, leaks atomic.Int64
}

func (c *watchedConn) WriteBatch(ps []node.Packet) (int, error) {
	for _, p := range ps {
		c.sent.Add(1)
		if bytes.Contains(p.Buf, []byte("announce_peer")) {
			c.announced.Add(1)
		}
		if bytes.Contains(p.Buf, c.secret) {
			c.leaks.Add(1)
		}
	}
	return c.Conn.WriteBatch(ps)
}

func TestTheBridgeOffersWhatTheDHTKnowsAndTellsTheDHTNothing(t *testing.T) {
	hash, known := ID{1, 2, 3}, netip.MustParseAddrPort("127.0.0.1:5005")
	other := start(t, Config{Bind: loopback, Bootstrap: []string{}})
	other.swarms.Announce(hash, known, false, peers.DHT, time.Now())

	client := wire.AppendAddr(nil, netip.MustParseAddrPort("127.0.0.1:7"))
	conn := &watchedConn{secret: client}
	e, err := openOn(func(at netip.AddrPort, batch int) (_ node.Conn, err error) {
		conn.Conn, err = node.Listen(at, batch)
		return conn, err
	}, Config{Bind: loopback, Bootstrap: []string{other.vantages.list[0].Addr().String()}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0", Bridge: true}})
	if err != nil {
		t.Fatal(err)
	}
	e.bridge.Every = 20 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	eventually(t, e, "a node", func(s *Snapshot) bool { return s.Nodes[0].Good > 0 })

	announce := func() string {
		r, err := http.Get(fmt.Sprintf("http://%s/announce?info_hash=%%01%%02%%03%s&peer_id=%s&port=7&left=9&compact=1", e.Snapshot().Tracker.HTTP,
			strings.Repeat("%00", 17), strings.Repeat("x", 20)))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if body := announce(); !strings.Contains(body, "5:peers0:") {
		t.Errorf("at once: %q", body)
	}
	for deadline := time.Now().Add(20 * time.Second); e.TrackerCounts(hash).Bridged == 0 && time.Now().Before(deadline); {
		pauseFor(ctx, 20*time.Millisecond)
	}
	if body := announce(); !strings.Contains(body, "5:peers6:"+string(wire.AppendAddr(nil, known))) || !strings.Contains(body, "10:incompletei1e") {
		t.Errorf("after the lookup: %q", body)
	}
	if c := e.TrackerCounts(hash); c != (TrackerCounts{Leechers: 1, Bridged: 1}) {
		t.Errorf("%+v", c)
	}
	ours := e.vantages.list[0]
	if r, err := other.vantages.list[0].Ask(ctx, wire.Contact{ID: ours.ID(), Addr: ours.Addr()}, wire.Query{Method: wire.GetPeers, Target: hash}); err != nil || len(r.Peers) != 0 {
		t.Errorf("the other node is told of %v, %v", r.Peers, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if conn.sent.Load() < 3 || conn.announced.Load() > 0 || conn.leaks.Load() > 0 {
		t.Errorf("of %d packets %d announce, and %d tell of the client", conn.sent.Load(), conn.announced.Load(), conn.leaks.Load())
	}
	if s := other.Snapshot(); s.Hashes.Announces != 0 || s.Peers != 1 {
		t.Errorf("the other node has %d announces, %d peers", s.Hashes.Announces, s.Peers)
	}
}
