package dhtcore

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"
	"weak"

	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/ledger"
)

func TestViewersShareTheirSnapshotUntilTheyAskForMore(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	now := time.Now().Truncate(time.Second).Add(time.Second)
	e.ledger.See(ledger.Requested, ID{1}, addrPort("192.0.2.1:1"), 0, now)
	a, b := e.NewViewer(), e.NewViewer()
	defer a.Close()
	if shared := e.snapshots.snapshot(now); a.snapshot(now) != shared || b.snapshot(now) != shared {
		t.Error("who asks for nothing has a Snapshot of its own")
	}
	order := Order{Column: BySources}
	a.RankBy(order)
	ctx, stop := context.WithCancel(t.Context())
	ranked := make(chan bool)
	go func() { e.ranker.Run(ctx); close(ranked) }()
	if err := a.WaitRanking(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	<-ranked // from now on it is not ranked anew
	before := a.snapshot(now)
	if before.Ranking.Order != order || b.snapshot(now).Ranking.Order != (Order{}) {
		t.Error("the order of one Viewer is that of the other")
	}
	if a.snapshot(now) != before {
		t.Error("the same Snapshot is made twice")
	}
	b.RankBy(order)
	other := b.snapshot(now)
	if other.Ranking.Order != order || &other.Ranking.Rows[0] != &before.Ranking.Rows[0] {
		t.Error("the same ranking is there twice")
	}
	if other.Revision <= before.Revision {
		t.Errorf("revision %d after %d", other.Revision, before.Revision)
	}
	b.Close()
	if b.RankBy(order); b.snapshot(now) != e.snapshots.snapshot(now) {
		t.Error("it sees more than all do after its end")
	}
}

// Each has an order, a hash, a filter of packets and perhaps a series of pings of its own, and their end frees it all.
func TestAHundredViewersSeeEachWhatItAskedFor(t *testing.T) {
	e := start(t, demoConfig())
	s := eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 && len(s.Hashes.Top) > 1 })
	c := s.Nodes[0].Contacts[0]
	in, err := ParsePacketFilter("in")
	if err != nil {
		t.Fatal(err)
	}
	filters := []*PacketFilter{nil, in}
	viewers := make([]*Viewer, 100)
	var all sync.WaitGroup
	for i := range viewers {
		v := e.NewViewer()
		viewers[i] = v
		pings := v.StartPing(c.Addr, c.ID, 100) == nil
		if pings != (i < MaxPings) {
			t.Errorf("series of pings %d: %v", i, pings)
		}
		all.Go(func() {
			o := Order{Column: ledger.BySources + Column(i%5), Ascending: i%2 == 0}
			v.RankBy(o)
			hash := numbered(i % 20)
			f := filters[i%2]
			if err := errors.Join(v.WatchHash(hash), v.WatchPackets(true, f), v.WaitRanking(t.Context())); err != nil {
				t.Error(err)
				return
			}
			for range 20 {
				s := v.Snapshot()
				if s.Ranking.Order != o || len(s.Ranking.Rows) == 0 {
					t.Errorf("it asked for %+v and has %+v with %d rows", o, s.Ranking.Order, len(s.Ranking.Rows))
				}
				if s.Detail.InfoHash != hash || !s.Packets.Watched || pings != (s.Pings != nil) {
					t.Errorf("it sees %v, %+v", s.Detail.InfoHash, s.Packets.PacketFlow)
				}
				for _, p := range s.Packets.Log {
					if f != nil && p.Way != In {
						t.Error("a packet that its filter does not let pass")
					}
				}
			}
		})
	}
	all.Wait()
	if err := viewers[0].StartPing(c.Addr, c.ID, 100); err != nil { // in place of its own
		t.Error(err)
	}
	if s := e.Snapshot(); s.Pings != nil || s.Detail != nil || s.Packets.Watched || s.Ranking.Rows != nil {
		t.Error("all see what one has asked for")
	}
	for _, v := range viewers {
		v.Close()
		v.Close()
	}
	if n := e.pings.running.Load(); n != 0 {
		t.Errorf("%d series of pings run on", n)
	}
	e.watcher.Tidy(time.Now().Add(2 * detail.Linger))
	if n := len(e.packets.byFilter) + e.watcher.Len(); n != 0 {
		t.Errorf("%d watches are left", n)
	}
	if s := viewers[0].Snapshot(); s.Pings != nil || s.Detail != nil || s.Packets.Watched || s.Ranking.Rows != nil {
		t.Error("it sees more than all do after its end")
	}
}

func TestAViewerThatDoesNotLookKeepsNoSnapshotAlive(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v := e.NewViewer()
	defer v.Close()
	watchHash(t, v, ID{1})
	see(t, v, nil)
	pass(e.packets, 1)
	shared, own := weak.Make(e.Snapshot()), weak.Make(v.Snapshot())
	e.snapshots.snapshot(time.Now().Add(time.Hour)) // another one
	runtime.GC()
	if shared.Value() != nil || own.Value() != nil {
		t.Error("it does")
	}
	runtime.KeepAlive(v)
}
