package table

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestTheFirstReferrerOfANewNodeIsRemembered(t *testing.T) {
	f := newField(31)
	old := f.join(0, 1, start)[0]
	lookup := start.Add(time.Minute)
	fresh := f.join(0, 1, lookup.Add(time.Second))[0]
	first, second := f.anyID(), f.anyID()
	for _, c := range []wire.Contact{old, fresh, f.newcomer(0)} {
		f.SetProvenance(c, Referred, first, lookup)
		f.SetProvenance(c, Referred, second, lookup)
	}
	f.SetProvenance(fresh, QueriedFirst, wire.ID{}, lookup)
	if n := f.at(fresh); n.Provenance != Referred || n.Referrer != first {
		t.Errorf("the new one: %v, %s, want %s", n.Provenance, n.Referrer, first)
	}
	if n := f.at(old); n.Provenance != UnknownProvenance || !n.Referrer.Zero() {
		t.Errorf("one that was there before: %v, %s", n.Provenance, n.Referrer)
	}
}
