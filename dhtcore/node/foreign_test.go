package node_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// running is a node on loopback that runs until the test ends.
func running(t *testing.T) *node.Node {
	t.Helper()
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	if err != nil {
		t.Fatal(err)
	}
	n := node.New(node.Config{ID: wire.RandomID(), Conn: conn, Timeout: 2 * time.Second})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return n
}

// libtorrent is a node of the DHT that runs until the test ends.
func libtorrent(t *testing.T) netip.AddrPort {
	t.Helper()
	python := needs.Libtorrent(t)
	_, out := needs.Script(t, time.Minute, func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, python, "testdata/libtorrent_node.py")
	})
	var said struct{ Port uint16 }
	if err := json.NewDecoder(out).Decode(&said); err != nil {
		t.Fatal(err)
	}
	return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), said.Port)
}

// stores reports whether the node at addr takes a value and hands it out.
func stores(t *testing.T, us *node.Node, addr netip.AddrPort, value string) bool {
	t.Helper()
	it, to := &wire.Item{Value: []byte(value)}, wire.Contact{Addr: addr}
	get := wire.Query{Method: wire.Get, Target: it.Target()}
	reply, err := us.Query(t.Context(), to, get)
	if err != nil {
		t.Fatalf("no token for %q: %v", value, err)
	}
	var refused *wire.Error
	_, err = us.Query(t.Context(), to, wire.Query{Method: wire.Put, Token: reply.Token, Item: it})
	switch {
	case errors.As(err, &refused), errors.Is(err, node.ErrTimeout): // libtorrent says nothing to what it cannot read
		return false
	case err != nil:
		t.Fatal(err)
	}
	reply, err = us.Query(t.Context(), to, get)
	return err == nil && reply.Item != nil && string(reply.Item.Value) == value
}

// TestWhatLibtorrentStoresWeStore: its limits are 10 levels of a whole packet, so 7 of a value, and 500 tokens.
func TestWhatLibtorrentStoresWeStore(t *testing.T) {
	theirs := libtorrent(t)
	us, ours := running(t), running(t).Addr()
	lists := func(n int) string { return strings.Repeat("l", n) + strings.Repeat("e", n) }
	for _, c := range []struct {
		value string
		taken bool // by libtorrent 2.0.8
	}{
		{lists(7), true}, {lists(8), false}, {lists(15), false}, {strings.Repeat("d1:a", 7) + "i1e" + strings.Repeat("e", 7), true},
		{"l" + strings.Repeat("0:", 480) + "e", true}, {"998:" + strings.Repeat("x", 998), false}, {"996:" + strings.Repeat("x", 996), true},
		{"d1:bi1e1:ai2ee", false}, {"d1:ai1e1:ai2ee", false}, {"i03e", false}, {"03:abc", false},
	} {
		taken := stores(t, us, theirs, c.value)
		if c.taken && !taken {
			t.Errorf("libtorrent no longer stores %.20q, which makes this test a weak one", c.value)
		}
		if taken && !stores(t, us, ours, c.value) {
			t.Errorf("libtorrent stores %.20q, we do not", c.value)
		}
	}
}
