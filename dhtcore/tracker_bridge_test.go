package dhtcore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
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
	e.bridge.every = 20 * time.Millisecond
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

func TestTheBridgeRestsWhileTheNodeIsBusyAndLooksUpATorrentOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slack atomic.Value
		slack.Store(1.0)
		var mu sync.Mutex
		lookups := map[ID]int{}
		var next byte
		b := &trackerBridge{every: bridgeEvery, tried: make(map[ID]time.Time),
			wanted: func() (ID, bool) {
				next++
				return ID{next}, true
			},
			offer:   func(ID, []netip.AddrPort, time.Time) int { return 0 },
			slack:   func() float64 { return slack.Load().(float64) },
			private: func(hash ID) bool { return hash[0]%2 == 1 },
			lookUp: func(_ context.Context, hash ID) LookupState {
				mu.Lock()
				defer mu.Unlock()
				lookups[hash]++
				return LookupState{Round: lookup.Round{Replied: 1}}
			},
		}
		count := func(during time.Duration) int {
			mu.Lock()
			clear(lookups)
			mu.Unlock()
			time.Sleep(during)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return len(lookups)
		}
		ctx, cancel := context.WithCancel(context.Background())
		go b.run(ctx)
		if n := count(time.Minute); n < 28 || n > 30 {
			t.Errorf("%d lookups in an idle minute", n)
		}
		for hash := range lookups {
			if hash[0]%2 == 1 {
				t.Errorf("the private torrent %v is looked up", hash)
			}
		}
		slack.Store(0.1)
		if n := count(5 * time.Minute); n < 8 || n > 11 {
			t.Errorf("%d lookups in five busy minutes", n)
		}
		cancel()
		synctest.Wait()
	})
}

func TestATorrentIsLookedUpAgainAfterAWhile(t *testing.T) {
	now := time.Now()
	var wanted []ID
	b := &trackerBridge{tried: make(map[ID]time.Time), private: func(ID) bool { return false }, wanted: func() (hash ID, ok bool) {
		if len(wanted) > 0 {
			hash, wanted = wanted[0], wanted[1:]
			return hash, true
		}
		return hash, false
	}}
	for _, c := range []struct {
		after time.Duration
		found bool
	}{{0, true}, {time.Minute, false}, {bridgeAgain - time.Second, false}, {bridgeAgain, true}} {
		wanted = []ID{{1}}
		if _, ok := b.next(now.Add(c.after)); ok != c.found {
			t.Errorf("after %v: %v", c.after, ok)
		}
	}
}

func TestFewAddressesOfAHostAndNoneOfAStrangersNetworkAreOffered(t *testing.T) {
	from := netip.MustParseAddrPort("192.0.2.1:6881")
	b := &trackerBridge{believes: func(claimed, _ netip.AddrPort) bool { return !claimed.Addr().IsPrivate() }}
	var found []Peer
	for _, text := range []string{"8.8.8.8:2000", "8.8.8.8:2001", "8.8.8.8:2002", "9.9.9.9:80", "10.0.0.1:2000", "[2001:4860::1]:2000"} {
		found = append(found, Peer{Addr: netip.MustParseAddrPort(text), From: []netip.AddrPort{from}})
	}
	if got := fmt.Sprint(b.offered(found)); got != "[8.8.8.8:2000 8.8.8.8:2001 [2001:4860::1]:2000]" {
		t.Error(got)
	}
}
