package table

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestWhatAnAnswerShowsIsRememberedAndTheLatestCounts(t *testing.T) {
	f := newField(30)
	c := f.join(0, 1, start)[0]
	f.Learn(c.Addr, Learned{Answered: Only(wire.Ping), Extras: NoFilters})
	f.Learn(c.Addr, Learned{Refused: Only(wire.Get)})
	if l := f.at(c).Learned; l != (Learned{Only(wire.Ping), Only(wire.Get), NoFilters}) {
		t.Errorf("learned %+v", l)
	}
	f.Learn(c.Addr, Learned{Answered: Only(wire.Get), Refused: Only(wire.Ping), Extras: Filters | YourAddress})
	if l := f.at(c).Learned; l != (Learned{Only(wire.Get), Only(wire.Ping), Filters | YourAddress}) {
		t.Errorf("then %+v", l)
	}
	f.Learn(netip.AddrPortFrom(c.Addr.Addr(), 1), Learned{Answered: Only(wire.Put)})
	if f.at(c).Learned.Answered.Has(wire.Put) {
		t.Error("another port of its address speaks for it")
	}
	f.Replied(c, time.Millisecond, "", start.Add(time.Minute))
	if !f.at(c).Learned.Answered.Has(wire.Get) {
		t.Error("forgotten with the next answer")
	}
}

func TestTheFirstReporterOfANewNodeIsRemembered(t *testing.T) {
	f := newField(31)
	old := f.join(0, 1, start)[0]
	lookup := start.Add(time.Minute)
	fresh := f.join(0, 1, lookup.Add(time.Second))[0]
	first, second := f.anyID(), f.anyID()
	for _, c := range []wire.Contact{old, fresh, f.newcomer(0)} {
		f.Introduce(c, Reported, first, lookup)
		f.Introduce(c, Reported, second, lookup)
	}
	f.Introduce(fresh, CameItself, wire.ID{}, lookup)
	if n := f.at(fresh); n.Way != Reported || n.Reporter != first {
		t.Errorf("the new one: %v, %s, want %s", n.Way, n.Reporter, first)
	}
	if n := f.at(old); n.Way != UnknownWay || !n.Reporter.Zero() {
		t.Errorf("one that was there before: %v, %s", n.Way, n.Reporter)
	}
}

func TestLearningAllocatesNothing(t *testing.T) {
	f := newField(32)
	c := f.join(0, 1, start)[0]
	if n := testing.AllocsPerRun(100, func() {
		f.Learn(c.Addr, Learned{Answered: Only(wire.Ping), Extras: YourAddress})
		f.Introduce(c, Reported, c.ID, start)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
