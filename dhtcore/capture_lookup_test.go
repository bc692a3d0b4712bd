package dhtcore

import (
	"dhtop/dhtcore/wire"
	"net/netip"
	"testing"
	"time"
)

func TestALookupInACaptureIsShownHopByHop(t *testing.T) {
	file, hash := newCaptureFile(t), ID{0x80, 1}
	near, far, lost := wire.Contact{ID: ID{0x80, 3}, Addr: capturePeer(1)}, wire.Contact{ID: ID{0xc0}, Addr: capturePeer(0)}, wire.Contact{ID: ID{0x81}, Addr: capturePeer(2)}
	ask := func(ms int, to wire.Contact, tid string) {
		file.add(captureBegan.Add(time.Duration(ms)*time.Millisecond), 0, captureOurs, to.Addr,
			wire.AppendQuery(nil, ID{9}, []byte(tid), false, &wire.Query{Method: wire.GetPeers, Target: hash}))
	}
	answer := func(ms int, from wire.Contact, tid string, a *wire.Answer) {
		file.add(captureBegan.Add(time.Duration(ms)*time.Millisecond), 0, from.Addr, captureOurs, wire.AppendReply(nil, from.ID, []byte(tid), captureOurs, a))
	}
	ask(0, far, "aa")
	answer(50, far, "aa", &wire.Answer{Nodes: wire.AppendContact(wire.AppendContact(nil, near), lost)})
	ask(60, near, "ab")
	ask(61, lost, "ac")
	peers := wire.AppendAddr(nil, capturePeer(7))
	answer(160, near, "ab", &wire.Answer{Token: []byte("t"), Values: peers, ValueLen: len(peers)})
	ask(40_000, far, "ad") // of another lookup, too small to be one
	all, _ := file.read(t, netip.AddrPort{})
	s := all[len(all)-1]
	if len(s.Lookups) != 1 {
		t.Fatalf("%d lookups", len(s.Lookups))
	}
	l := &s.Lookups[0]
	if !l.Done || l.Ending.String() != "starvation" || l.Queries != 3 || l.Replied != 2 || l.TimedOut != 1 || l.FirstPeer != 160*time.Millisecond || len(l.Closest) != 2 || l.Closest[0].ID != near.ID {
		t.Errorf("%+v", l)
	}
	for i, want := range []Step{
		{Contact: far, State: Replied, Round: 1, RTT: 50 * time.Millisecond},
		{Contact: near, State: Replied, Round: 2, RTT: 100 * time.Millisecond, Asked: 60 * time.Millisecond, Referrer: far.ID, Peers: 1, Token: true},
		{Contact: lost, State: TimedOut, Round: 2, Asked: 61 * time.Millisecond, Referrer: far.ID},
	} {
		got := l.Steps[i]
		if got.Contact != want.Contact || got.State != want.State || got.Round != want.Round || got.RTT != want.RTT || got.Asked != want.Asked ||
			got.Referrer != want.Referrer || got.Peers != want.Peers || got.Token != want.Token {
			t.Errorf("step %d is %+v, want %+v", i, got, want)
		}
	}
	cause, known := CausesIn(s).Of(s.Packets.Log[len(s.Packets.Log)-3])
	if !known || cause.Referrer != far.Addr || cause.Step.Addr != near.Addr {
		t.Errorf("the query to the second node is explained by %+v, %v", cause, known)
	}
}
