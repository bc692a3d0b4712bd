package dhtcore

import (
	"context"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

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
