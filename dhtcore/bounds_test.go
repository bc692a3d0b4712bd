package dhtcore

import (
	"encoding/binary"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// spoofed is the nth query of a flood: a random hash, asked for in the name of somebody else.
func spoofed(n int) node.Event {
	v := node.Event{Kind: node.Requested, At: time.Now(), Hash: wire.RandomID()}
	v.From.ID = wire.RandomID()
	v.From.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{100, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
	return v
}

func TestAFloodFillsNeitherTheMemoryNorTheStore(t *testing.T) {
	cfg := offline("")
	cfg.Store = "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	cfg.MaxHashes, cfg.Keep = 5000, Keep{Bytes: 1e6}
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	// A node that has answered asks for hashes of its own, once each.
	honest := node.Event{Kind: node.NodeJoined, At: time.Now(), From: wire.Contact{ID: wire.RandomID(), Addr: addrPort("192.0.2.7:6881")}}
	e.observer.observe(honest)
	honest.Kind = node.Requested
	hash := func(i int) (id ID) { binary.BigEndian.PutUint32(id[4:], uint32(i)); id[0] = byte(7 * i); return id }
	const asked = 2000
	for i := range asked {
		honest.Hash = hash(i)
		honest.From.ID[0] = ^honest.Hash[0] // whatever is near its own ID may be maintenance
		e.observer.observe(honest)
	}
	for round := range 8 {
		for i := range 5000 {
			e.observer.observe(spoofed(5000*round + i))
		}
		if err := e.store.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	b := e.Snapshot().Bounds
	if b.Hashes > 5000 || b.MaxHashes != 5000 || b.StoreBytes > 1e6 || b.StoreBytes == 0 || b.Deleted < 20_000 || !b.Stored {
		t.Errorf("%+v", b)
	}
	kept := 0
	for i := range asked {
		if e.ledger.Knows(hash(i)) {
			kept++
		}
	}
	if kept < asked*9/10 {
		t.Errorf("of %d hashes of the honest node %d are left in memory", asked, kept)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	stored := map[ID]bool{}
	for r, err := range Stored(t.Context(), Config{Store: cfg.Store}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		stored[r.InfoHash] = true
	}
	for i := range asked {
		if !stored[hash(i)] {
			t.Fatalf("hash %d of the honest node is not in the store", i)
		}
	}
}

func TestARequestIsUnprovenUntilItsSourceAnswers(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	unproven := func(hash ID) bool {
		r, known := e.ledger.Row(hash, time.Now())
		return known && r.Unproven
	}
	v := spoofed(1)
	if e.observer.observe(v); !unproven(v.Hash) {
		t.Error("a request of an unknown address counts as proven")
	}
	e.observer.observe(node.Event{Kind: node.Announced, At: time.Now(), Hash: wire.RandomID(), From: v.From, Peer: v.From.Addr})
	if e.observer.observe(v); unproven(v.Hash) {
		t.Error("a request of an address that sent a token back does not count as proven")
	}
	sampled := wire.RandomID()
	if e.observer.see(ledger.Sampled, sampled, v.From, netip.AddrPort{}, time.Now()); unproven(sampled) {
		t.Error("a hash that an answer holds does not count as proven")
	}
}
