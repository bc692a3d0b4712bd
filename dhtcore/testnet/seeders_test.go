package testnet

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestTorrentsAreTrueInfoDictionariesOfManyKinds(t *testing.T) {
	names, several, large, multi := map[string]bool{}, 0, 0, 0
	for i := range 400 {
		dict := InfoDict(1, i)
		info, err := metadata.Parse(dict)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if strings.ContainsRune(info.Name, utf8.RuneError) || info.Size < 1<<10 || info.Size > 32<<30 ||
			int64(info.Pieces) != (info.Size+info.PieceLength-1)/info.PieceLength {
			t.Errorf("%d: %+v", i, info)
		}
		names[info.Name] = true
		if info.FileCount > 1 {
			several++
		}
		if info.FileCount > metadata.MaxFiles {
			large++
		}
		if len(dict) > 16<<10 {
			multi++
		}
		if !bytes.Equal(dict, InfoDict(1, i)) || bytes.Equal(dict, InfoDict(2, i)) {
			t.Fatalf("%d does not follow from the seed", i)
		}
	}
	if len(names) < 350 || several < 50 || large == 0 || multi == 0 {
		t.Errorf("%d names; %d torrents of several files, %d of more than are kept, %d of more than a piece of metadata", len(names), several, large, multi)
	}
}

// The peers that a lookup finds in the demo's network give the name.
func TestTheNameOfEveryKindOfSwarmIsToBeHadFromItsPeers(t *testing.T) {
	n, err := Loopback(Config{Nodes: 50, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, us := t.Context(), visit(t, n, Demand{Hashes: 40, Exponent: 1.2})
	for _, i := range []int{0, 1, 2, 20, 39} {
		hash := InfoHash(1, i)
		found := lookup.New(lookup.Config{Target: hash, Method: wire.GetPeers, Querier: us, Seeds: n.Contacts()[:5]}).Run(ctx)
		var at []netip.AddrPort
		for _, p := range found.Peers {
			at = append(at, p.Addr)
		}
		want, err := metadata.Parse(InfoDict(1, i))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := metadata.Fetch(ctx, metadata.Config{}, hash, at); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("torrent %d, %d peers: %+v, %v", i, len(at), got, err)
		}
	}
}

func TestSeedersCloseWithTheNetworkWhetherItRanOrNot(t *testing.T) {
	for _, run := range []bool{false, true} {
		n, err := Loopback(Config{Nodes: 3, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(n.seeders) != seederCount {
			t.Fatalf("%d seeders", len(n.seeders))
		}
		if run {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			n.Run(ctx, Demand{Hashes: 3, Exponent: 1.2})
		} else {
			n.Close()
		}
		for _, l := range n.seeders {
			if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
				conn.Close()
				t.Errorf("run %v: %s still listens", run, l.Addr())
			}
		}
	}
}

// mute is a listener that nobody connects to.
type mute struct {
	addr   *net.TCPAddr
	once   sync.Once
	closed chan struct{}
}

func (m *mute) Accept() (net.Conn, error) { <-m.closed; return nil, net.ErrClosed }
func (m *mute) Close() error              { m.once.Do(func() { close(m.closed) }); return nil }
func (m *mute) Addr() net.Addr            { return m.addr }

// deaf is a socket at addr that hears nothing and loses all that it sends.
type deaf struct {
	addr   netip.AddrPort
	once   sync.Once
	closed chan struct{}
}

func (d *deaf) ReadBatch([]node.Packet) (int, error)     { <-d.closed; return 0, net.ErrClosed }
func (d *deaf) WriteBatch(ps []node.Packet) (int, error) { return len(ps), nil }
func (d *deaf) LocalAddr() netip.AddrPort                { return d.addr }
func (d *deaf) Close() error                             { d.once.Do(func() { close(d.closed) }); return nil }

func TestSeedersAreKnownWhenEveryNodeThatKnewThemHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, err := New(Config{Nodes: 20, Seed: 1, Conditions: Conditions{Churn: 20 * time.Second}}, func(_ wire.ID, r *rand.Rand) (node.Conn, error) {
			return &deaf{addr: netip.AddrPortFrom(LoopbackIP(r), 6881), closed: make(chan struct{})}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range seederCount {
			n.seeders = append(n.seeders, &mute{addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 1 + i}, closed: make(chan struct{})})
		}
		before := n.Contacts()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		n.Run(ctx, Demand{Hashes: 6, Exponent: 1.2, PerSecond: 0.01})
		if slices.ContainsFunc(n.Contacts(), func(c wire.Contact) bool { return slices.Contains(before, c) }) {
			t.Fatal("a node stayed")
		}
		for i := range 6 {
			hash := InfoHash(1, i)
			knowing := 0
			for _, m := range n.closest(hash) {
				if bytes.Contains(m.Peers.AppendCompact(nil, hash, wire.IPv4, false, 1000), []byte{10, 0, 0, 1, 0, byte(1 + i%seederCount)}) {
					knowing++
				}
			}
			if knowing < Holders/2 { // three nodes are replaced between two announces
				t.Errorf("torrent %d: %d nodes know the seeder", i, knowing)
			}
		}
	})
}
