package dhtcore

import (
	"slices"
	"testing"

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
	e.WatchPackets(true, f)
	hash := wire.RandomID()
	if err := e.StartLookup(hash); err != nil {
		t.Fatal(err)
	}
	var reply, query *Packet
	eventually(t, e, "query and reply", func(s *Snapshot) bool {
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
	e.WatchPackets(false, nil)
	quiet := eventually(t, e, "end of the watch", func(s *Snapshot) bool { return !s.Packets.Watched })
	later := eventually(t, e, "traffic", func(s *Snapshot) bool { return s.Traffic.PacketsIn > quiet.Traffic.PacketsIn+20 })
	if len(quiet.Packets.Log) == 0 || len(later.Packets.Log) != len(quiet.Packets.Log) {
		t.Errorf("%d packets, and %d when nobody watches", len(quiet.Packets.Log), len(later.Packets.Log))
	}
}

func TestTheLogOfPacketsIsBoundedAndNewestFirst(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	e.WatchPackets(true, nil)
	q := wire.AppendQuery(nil, wire.RandomID(), []byte("aa"), false, &wire.Query{Method: wire.Ping})
	old := &Packet{}
	e.packets.log = slices.Repeat([]*Packet{old}, MaxPackets-1)
	for range 3 {
		e.packets.ring.Add(wire.Out, 0, addrPort("192.0.2.1:6881"), q)
	}
	log := e.packets.packets().Log
	if len(log) != MaxPackets || log[0].Seq != 3 || log[2].Seq != 1 || log[3] != old || log[0].Way != Out {
		t.Errorf("%d packets, the first %+v", len(log), log[0])
	}
	if again := e.packets.packets().Log; &again[0] != &log[0] {
		t.Error("the log was made anew though no packet has come")
	}
}
