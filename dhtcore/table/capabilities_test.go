package table

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestWhatAReplyShowsIsRememberedAndTheLatestCounts(t *testing.T) {
	f := newField(30)
	c := f.join(0, 1, start)[0]
	f.AddCapabilities(c.Addr, Capabilities{Answered: Only(wire.Ping), Extras: NoFilters})
	f.AddCapabilities(c.Addr, Capabilities{Refused: Only(wire.Get)})
	if c := f.at(c).Capabilities; c != (Capabilities{Only(wire.Ping), Only(wire.Get), NoFilters}) {
		t.Errorf("capabilities %+v", c)
	}
	f.AddCapabilities(c.Addr, Capabilities{Answered: Only(wire.Get), Refused: Only(wire.Ping), Extras: Filters | YourAddress})
	if c := f.at(c).Capabilities; c != (Capabilities{Only(wire.Get), Only(wire.Ping), Filters | YourAddress}) {
		t.Errorf("then %+v", c)
	}
	f.AddCapabilities(netip.AddrPortFrom(c.Addr.Addr(), 1), Capabilities{Answered: Only(wire.Put)})
	if f.at(c).Capabilities.Answered.Has(wire.Put) {
		t.Error("another port of its address speaks for it")
	}
	f.Replied(c, time.Millisecond, "", start.Add(time.Minute))
	if !f.at(c).Capabilities.Answered.Has(wire.Get) {
		t.Error("forgotten with the next reply")
	}
}

func TestLearningOfANodeAllocatesNothing(t *testing.T) {
	f := newField(32)
	c := f.join(0, 1, start)[0]
	if n := testing.AllocsPerRun(100, func() {
		f.AddCapabilities(c.Addr, Capabilities{Answered: Only(wire.Ping), Extras: YourAddress})
		f.SetProvenance(c, Referred, c.ID, start)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
