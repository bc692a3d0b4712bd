package dhtcore

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/wire"
)

func TestPacketsAreInTheSnapshotOnceWatched(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Phase == Serving })
	if p := e.Snapshot().Packets; p.Watched || len(p.Log) > 0 {
		t.Fatalf("%d packets before anybody watches", len(p.Log))
	}
	f, err := ParsePacketFilter("!none")
	if err != nil {
		t.Fatal(err)
	}
	v := e.NewViewer()
	defer v.Close()
	see(t, v, f)
	hash := wire.RandomID()
	if err := e.StartLookup(hash); err != nil {
		t.Fatal(err)
	}
	var reply, query *Packet
	eventually(t, v, "query and reply", func(s *Snapshot) bool {
		for _, p := range s.Packets.Log {
			switch {
			case p.Target != hash:
			case p.Kind == KindReply && p.Way == In && p.Took > 0 && p.Nodes > 0:
				reply = p
			case p.Kind == KindQuery && p.Way == Out && p.Method == GetPeers:
				query = p
			}
		}
		return reply != nil && query != nil
	})
	if !slices.Contains(e.vantages.ids(), query.Self) || query.Sender != query.Self || reply.Sender.Zero() || !reply.Token || query.Name != "get_peers" {
		t.Errorf("the query %+v, the reply %+v", query, reply)
	}
	fields := 0
	for _, f := range reply.Explain() {
		if f.Shape == Part && f.Addr.IsValid() {
			fields++
		}
	}
	if fields != reply.Nodes {
		t.Errorf("%d contacts of %d", fields, reply.Nodes)
	}
	only, _ := ParsePacketFilter("reply " + hash.String()[:8])
	if got := PassingPackets([]*Packet{query, reply}, only); len(got) != 1 || got[0] != reply {
		t.Error("the filter of the screen is not that of the ring")
	}
	if err := v.WatchPackets(false, nil); err != nil {
		t.Error(err)
	}
	quiet := v.Snapshot()
	if quiet.Packets.Watched {
		t.Error("the watch goes on")
	}
	later := eventually(t, v, "traffic", func(s *Snapshot) bool { return s.Traffic.PacketsIn > quiet.Traffic.PacketsIn+20 })
	if len(quiet.Packets.Log) == 0 || len(later.Packets.Log) != len(quiet.Packets.Log) {
		t.Errorf("%d packets, and %d when nobody watches", len(quiet.Packets.Log), len(later.Packets.Log))
	}
}

// see has a Viewer watch the packets that pass a filter.
func see(t *testing.T, v *Viewer, f *PacketFilter) {
	t.Helper()
	if err := v.WatchPackets(true, f); err != nil {
		t.Fatal(err)
	}
}

func TestTheLogOfPacketsIsBoundedAndNewestFirst(t *testing.T) {
	p := newPacketWatches(func(int) ID { return ID{} })
	w, err := p.begin(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	old := &Packet{}
	w.log = slices.Repeat([]*Packet{old}, MaxPackets-1)
	pass(p, 3)
	log := w.take()
	if len(log) != MaxPackets || log[0].Seq != 3 || log[2].Seq != 1 || log[3] != old || log[0].Way != Out {
		t.Errorf("%d packets, the first %+v", len(log), log[0])
	}
	if again := w.take(); &again[0] != &log[0] {
		t.Error("the log was made anew though no packet has come")
	}
}

// pass has n pings pass.
func pass(p *packetWatches, n int) {
	for range n {
		p.seen.Add(wire.Out, 0, addrPort("192.0.2.1:6881"), wire.AppendQuery(nil, wire.RandomID(), []byte("aa"), false, &wire.Query{Method: wire.Ping}))
	}
}

func TestEachViewerSeesThePacketsThatPassItsFilter(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	none, err := ParsePacketFilter("kind:error")
	if err != nil {
		t.Fatal(err)
	}
	pings, err := ParsePacketFilter("ping")
	if err != nil {
		t.Fatal(err)
	}
	a, b, c, d := e.NewViewer(), e.NewViewer(), e.NewViewer(), e.NewViewer()
	see(t, a, nil)
	see(t, b, nil)
	see(t, c, none)
	pass(e.packets, 3)
	now := time.Now()
	first := a.snapshot(now).Packets
	if len(first.Log) != 3 || first.Seen != 3 || !first.Watched {
		t.Fatalf("%+v", first)
	}
	if log := b.snapshot(now).Packets.Log; len(log) != 3 || log[0] != first.Log[0] {
		t.Error("two with the same filter do not share a log")
	}
	if p := c.snapshot(now).Packets; len(p.Log) != 0 || p.Seen != 3 || d.snapshot(now).Packets.Watched {
		t.Errorf("another filter lets pass %+v", p)
	}
	see(t, a, pings) // what it has seen stays
	see(t, c, pings)
	pass(e.packets, 2)
	now = now.Add(time.Second)
	if p := a.snapshot(now).Packets; len(p.Log) != 5 || p.Log[4] != first.Log[2] || p.Seen != 2 {
		t.Errorf("through another filter: %d packets, %d seen", len(p.Log), p.Seen)
	}
	if p := c.snapshot(now).Packets; len(p.Log) != 2 {
		t.Errorf("the one that had seen none: %d packets", len(p.Log))
	}
	see(t, a, none) // the only one now
	pass(e.packets, 1)
	if p := a.snapshot(now.Add(time.Second)).Packets; len(p.Log) != 5 || p.Seen != 1 {
		t.Errorf("through a filter of its own: %d packets, %d seen", len(p.Log), p.Seen)
	}
	for _, v := range []*Viewer{a, b, c, d} {
		v.Close()
	}
	if len(e.packets.byFilter) != 0 {
		t.Errorf("%d watches are left", len(e.packets.byFilter))
	}
}

func TestThereAreOnlySoManyFiltersOfPackets(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for i := range journal.MaxPacketWatches + 1 {
		f, err := ParsePacketFilter(fmt.Sprintf("port:%d", i+1))
		if err != nil {
			t.Fatal(err)
		}
		v := e.NewViewer()
		defer v.Close()
		err = v.WatchPackets(true, f)
		if full := i == journal.MaxPacketWatches; full != (err != nil) {
			t.Errorf("filter %d: %v", i, err)
		}
		if v.Snapshot().Packets.Watched == (err != nil) {
			t.Errorf("filter %d: %v, and its Snapshot says otherwise", i, err)
		}
	}
}
