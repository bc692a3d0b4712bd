package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func leavesAt(depth int) *leaves {
	l := leaves{depth: depth}
	l.clear()
	return &l
}

// many returns n contacts whose IDs begin with first.
func many(n int, first byte) (nodes []wire.Contact) {
	for i := range n {
		nodes = append(nodes, at(first, byte(i)))
	}
	return nodes
}

func TestAReplyIsWorthLessTheFurtherTheNodeIsFromTheLeaf(t *testing.T) {
	l := leavesAt(8)
	for self, want := range map[byte]uint8{0x40: 4, 0x41: 4, 0x42: 2, 0x43: 2, 0x44: 1, 0x47: 1, 0x48: 0, 0xc0: 0} {
		if got := l.worth(uint64(self)<<56, 0x40<<56, many(3, 0x99), fullReply); got != want {
			t.Errorf("a reply of %x to a query for 40 is worth %d, want %d", self, got, want)
		}
	}
}

func TestAFullReplyFromOneLeafMayHaveLeftOutOthers(t *testing.T) {
	l := leavesAt(8)
	for _, c := range []struct {
		nodes []wire.Contact
		want  uint8
	}{
		{many(8, 0x40), 2}, {many(7, 0x40), 4}, {append(many(7, 0x40), at(0x41)), 4}, {append(many(8, 0x40), at(0x41)), 4},
	} {
		if got := l.worth(0x40<<56, 0x40<<56, c.nodes, fullReply); got != c.want {
			t.Errorf("a reply of %d contacts is worth %d, want %d", len(c.nodes), got, c.want)
		}
	}
}

func TestALeafIsKnownByFourCreditsAndHoldsNoMoreThanEight(t *testing.T) {
	l := leavesAt(8)
	l.credit(0x42<<56, 0x40<<56, many(3, 0x40), fullReply)
	if l.known(0x40, start) {
		t.Error("two credits make a leaf known")
	}
	l.credit(0x42<<56, 0x40<<56, many(3, 0x40), fullReply)
	if !l.known(0x40, start) || l.known(0x41, start) {
		t.Error("four credits do not make a leaf known, or make its neighbour known")
	}
	for range 100 {
		l.credit(0x40<<56, 0x40<<56, many(3, 0x40), fullReply)
	}
	if c := l.at(0x40).credit; c != 8 {
		t.Errorf("a leaf has %d credits", c)
	}
}

func TestTwoQueriesInFlightMakeALeafKnownForASecond(t *testing.T) {
	l := leavesAt(8)
	l.ask(0x40, start)
	if l.known(0x40, start) {
		t.Error("one query is enough")
	}
	l.ask(0x40, start)
	if !l.known(0x40, start.Add(time.Second)) {
		t.Error("two queries are not enough")
	}
	if l.known(0x40, start.Add(time.Second+1)) {
		t.Error("they count for more than a second")
	}
	if l.ask(0x40, start.Add(time.Second+1)); l.at(0x40).pending != 1 {
		t.Errorf("%d queries are pending, two of which took too long", l.at(0x40).pending)
	}
	l.cancel(0x40 << 56)
	if l.cancel(0x40 << 56); l.at(0x40).pending != 0 {
		t.Errorf("%d queries are pending after all have ended", l.at(0x40).pending)
	}
}

func TestCandidatesAreCountedInTheirLeaf(t *testing.T) {
	l := leavesAt(8)
	k := uint64(0x4012) << 48
	l.heard(k)
	l.heard(k)
	l.queued(k)
	l.taken(k)
	if got := l.at(0x40); got.named != 2 || got.queued != 2 {
		t.Errorf("%+v", got)
	}
	for range 5 {
		l.taken(k)
	}
	if got := l.at(0x40); got.queued != 0 {
		t.Errorf("%+v after more were taken than there are", got)
	}
}

func TestLeavesCutTheKeyspace(t *testing.T) {
	l := leavesAt(8)
	if l.count() != 256 || l.of(0x40ff<<48) != 0x40 || l.first(0x40) != 0x40<<56 || l.redirect(0x40ff<<48, 0x12) != 0x12ff<<48 {
		t.Error("at depth 8")
	}
	if l = leavesAt(0); l.count() != 1 || l.of(1<<63) != 0 || l.redirect(1<<63, 0) != 1<<63 || !l.known(1, start) || l.known(0, start) {
		t.Error("at depth 0")
	}
}
