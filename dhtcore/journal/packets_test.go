package journal

import (
	"bytes"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

var (
	us    = wire.ID{1}
	them  = wire.ID{0xab, 0xcd}
	hash  = wire.ID{0x2d, 0x06, 0x6c}
	there = netip.MustParseAddrPort("192.0.2.7:6881")
)

// query and reply are a get_peers and its answer, in transaction n.
func query(n int) []byte {
	return wire.AppendQuery(nil, us, fmt.Appendf(nil, "%04d", n), false, &wire.Query{Method: wire.GetPeers, Target: hash})
}

func reply(n int) []byte {
	return wire.AppendReply(nil, them, fmt.Appendf(nil, "%04d", n), there, &wire.Answer{Token: []byte("tk")})
}

// watching returns Packets that are watched through a filter.
func watching(t *testing.T, filter string) (*Packets, *PacketWatch) {
	t.Helper()
	p := NewPackets()
	return p, watch(t, p, filter)
}

func watch(t *testing.T, p *Packets, filter string) *PacketWatch {
	t.Helper()
	f, err := ParsePacketFilter(filter)
	if err != nil {
		t.Fatal(err)
	}
	w, err := p.Watch(f)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAReplyIsToldWhatItsQueryAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := watching(t, "")
		p.Add(wire.Out, 3, there, query(1))
		time.Sleep(20 * time.Millisecond)
		p.Add(wire.In, 3, there, reply(1))
		p.Add(wire.In, 3, there, reply(2))                                               // to no query
		p.Add(wire.In, 2, there, reply(1))                                               // to another identity
		p.Add(wire.In, 3, netip.AddrPortFrom(there.Addr(), 1), reply(1))                 // from elsewhere
		p.Add(wire.Out, 3, there, wire.AppendError(nil, []byte("0001"), there, 203, "")) // the wrong way
		p.Add(wire.In, 3, there, []byte("d1:y1:q"))
		got := w.After(nil, 0)
		if len(got) != 7 {
			t.Fatalf("%d packets", len(got))
		}
		for i, k := range got {
			matched := i < 2
			if k.Seq != uint64(i+1) || k.HasTarget != matched || matched && (k.Target != hash || k.Method != wire.GetPeers) {
				t.Errorf("packet %d is %+v", i, k)
			}
		}
		if got[0].Took != 0 || got[1].Took != 20*time.Millisecond || got[0].Way != wire.Out || got[1].Way != wire.In || got[1].Vantage != 3 ||
			got[6].Kind != wire.NoKind || !bytes.Equal(got[1].Payload, reply(1)) || got[1].Size != len(reply(1)) {
			t.Errorf("%+v", got)
		}
	})
}

func TestNothingIsKeptUnlessSomebodyWatches(t *testing.T) {
	p := NewPackets()
	p.Add(wire.In, 0, there, query(1))
	w := watch(t, p, "")
	p.Add(wire.In, 0, there, query(2))
	if got := w.After(nil, 0); len(got) != 1 || !w.Flow().Watched {
		t.Fatalf("%d packets", len(got))
	}
	w.Close()
	p.Add(wire.In, 0, there, query(3))
	if got := w.After(nil, 0); len(got) != 0 || w.Flow().Watched || p.open != nil {
		t.Fatalf("%d packets after the end", len(got))
	}
	w = watch(t, p, "")
	if got := w.After(nil, 0); len(got) != 0 {
		t.Fatalf("%d packets of before", len(got))
	}
	p.Add(wire.In, 0, there, query(4))
	if got := w.After(nil, 1); len(got) != 1 || got[0].Seq != 2 {
		t.Fatalf("%+v", got)
	}
}

func TestAPayloadIsACopyAndCutAtAFrame(t *testing.T) {
	p, w := watching(t, "")
	long := append(query(1), make([]byte, 2000)...)
	p.Add(wire.In, 0, there, long)
	long[0] = 'x'
	got := w.After(nil, 0)
	if len(got[0].Payload) != MaxPayload || got[0].Size != len(long) || got[0].Payload[0] != 'd' {
		t.Errorf("%d bytes of %d, the first %q", len(got[0].Payload), got[0].Size, got[0].Payload[0])
	}
	for i := range packetRing + 1 { // its place is used again
		p.mu.Lock()
		w.keep(&Packet{Seq: uint64(i + 2)}, query(i))
		p.mu.Unlock()
	}
	if len(got[0].Payload) != MaxPayload || !bytes.Equal(got[0].Payload[:len(query(1))], query(1)) {
		t.Error("what was handed out has changed")
	}
}

func TestAFilterLooksAtEveryPacketBeforeTheSample(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := watching(t, "ping")
		for i := range 4000 {
			p.Add(wire.In, 0, there, query(i))
			if i%400 == 0 {
				p.Add(wire.In, 0, there, wire.AppendQuery(nil, us, []byte("p"), false, &wire.Query{Method: wire.Ping}))
			}
			time.Sleep(time.Second / 2000)
		}
		if got := w.After(nil, 0); len(got) != 10 || w.Flow().Passed != 10 || w.Flow().Seen != 4010 {
			t.Errorf("%d of 10 pings: %+v", len(got), w.Flow())
		}
	})
}

// The filter lets only replies pass: they are kept though their queries are not.
func TestAReplyPassesAloneWhenItsQueryDoesNotMatch(t *testing.T) {
	p, w := watching(t, "reply get_peers")
	p.Add(wire.Out, 0, there, query(1))
	p.Add(wire.In, 0, there, reply(1))
	if got := w.After(nil, 0); len(got) != 1 || got[0].Kind != wire.KindReply {
		t.Errorf("%+v", got)
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	watched, _ := watching(t, "")
	filtered, _ := watching(t, "in get_peers 192.")
	watch(t, filtered, "ping")
	for name, p := range map[string]*Packets{"unwatched": NewPackets(), "watched": watched, "filtered": filtered} {
		packets := [][]byte{query(1), reply(1), []byte("junk")}
		for range 3 { // what grows once has grown
			p.Add(wire.In, 0, there, packets[0])
		}
		i := 0
		if n := testing.AllocsPerRun(1000, func() { p.Add(wire.In, 0, there, packets[i%3]); i++ }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestPacketsMayBeWatchedWhileTheyPass(t *testing.T) {
	p := NewPackets()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 2000 {
			w, err := p.Watch(nil)
			if err != nil {
				t.Error(err)
				return
			}
			if i%3 > 0 {
				runtime.Gosched()
			}
			got := w.After(nil, 0)
			w.Close()
			if !slices.IsSortedFunc(got, func(a, b Packet) int { return int(a.Seq) - int(b.Seq) }) {
				t.Error("out of order")
			}
		}
	}()
	for i := range 2000 {
		p.Add(wire.Direction(i%2), 0, there, query(i))
	}
	<-done
}

func TestEachWatchHasAFilterAndARingOfItsOwn(t *testing.T) {
	p, all := watching(t, "")
	replies := watch(t, p, "reply get_peers")
	p.Add(wire.Out, 0, there, query(1))
	p.Add(wire.In, 0, there, reply(1))
	p.Add(wire.Out, 0, there, query(2))
	a, b := all.After(nil, 0), replies.After(nil, 0)
	if len(a) != 3 || len(b) != 1 || b[0].Seq != a[1].Seq || !bytes.Equal(b[0].Payload, a[1].Payload) {
		t.Errorf("%+v and %+v", a, b)
	}
	if f := replies.Flow(); f.Seen != 3 || f.Passed != 1 {
		t.Errorf("%+v", f)
	}
	replies.Close()
	p.Add(wire.In, 0, there, reply(2))
	if got := all.After(nil, a[2].Seq); len(got) != 1 || got[0].Method != wire.GetPeers {
		t.Errorf("when one has gone the other sees %+v", got)
	}
	all.SetFilter(nil)
	if f := all.Flow(); f.Seen != 0 || len(all.After(nil, 0)) != 4 {
		t.Errorf("with another filter, %+v", f)
	}
}

func TestThereAreSoManyWatchesAndNoMore(t *testing.T) {
	p, first := watching(t, "")
	for range MaxPacketWatches - 1 {
		watch(t, p, "ping")
	}
	if _, err := p.Watch(nil); err == nil {
		t.Error("one too many")
	}
	first.Close()
	first.Close()
	watch(t, p, "ping")
}

func BenchmarkPacketsAdd(b *testing.B) {
	filter, _ := ParsePacketFilter("in get_peers 192.")
	for _, c := range []struct {
		name    string
		filters []*PacketFilter
	}{{"unwatched", nil}, {"watched", []*PacketFilter{nil}}, {"filtered", []*PacketFilter{filter}},
		{"filtered-8", slices.Repeat([]*PacketFilter{filter}, MaxPacketWatches)}} {
		b.Run(c.name, func(b *testing.B) {
			p := NewPackets()
			for _, f := range c.filters {
				if _, err := p.Watch(f); err != nil {
					b.Fatal(err)
				}
			}
			q := query(1)
			b.ReportAllocs()
			for b.Loop() {
				p.Add(wire.In, 0, there, q)
			}
		})
	}
}
