package crawl

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// known gives leaves the credit that makes them known.
func (s *sweep) known(numbers ...uint64) {
	for _, n := range numbers {
		l := s.leaves.byNumber[n]
		l.credit, l.named = 4, max(l.named, 1)
		s.leaves.byNumber[n] = l
	}
}

func TestACandidateOfAKnownLeafIsHeldBackForASecond(t *testing.T) {
	s := sweepAt(8, 0)
	s.known(0x10, 0x11)
	s.add(at(0x10))
	s.add(at(0x20))
	s.add(at(0x30))
	s.add(at(0x40))
	for _, c := range []struct {
		after time.Duration
		want  byte
	}{{0, 0x20}, {time.Second - 1, 0x30}, {time.Second, 0x10}, {time.Second, 0x40}} {
		if got, target, ok := s.next(start.Add(c.after)); !ok || got.ID[0] != c.want || c.want != 0x10 && target != uint64(c.want)<<56 {
			t.Errorf("after %s %x is asked for %x, want %x", c.after, got.ID[0], target, c.want)
		}
	}
	if _, _, ok := s.next(start); ok {
		t.Error("one more is asked")
	}
}

func TestACandidateBesideALeafThatIsNotKnownIsAskedAtOnce(t *testing.T) {
	for _, known := range []uint64{0x10, 0x11} {
		s := sweepAt(8, 0)
		s.known(known)
		s.add(at(0x10))
		s.add(at(0x20))
		if c, target, _ := s.next(start); c.ID[0] != 0x10 || target>>56 != known^1 {
			t.Errorf("%x is asked for %x, with leaf %x known", c.ID[0], target>>56, known)
		}
	}
}

func TestIfNobodyIsBetterACandidateIsNotHeldBack(t *testing.T) {
	s := sweepAt(8, 0)
	s.known(0x10, 0x11)
	s.add(at(0x10))
	if c, _, ok := s.next(start); !ok || c.ID[0] != 0x10 || s.frontier.released != 1 || s.leaves.at(0x10).queued != 0 {
		t.Errorf("%x is asked, %+v", c.ID[0], s.leaves.at(0x10))
	}
	s.requeue(at(0x10))
	if s.leaves.at(0x10) != (leaf{credit: 4, named: 2, queued: 1}) {
		t.Errorf("it is taken back as %+v", s.leaves.at(0x10))
	}
	if c, _, ok := s.next(start); !ok || c.ID[0] != 0x10 {
		t.Error("it does not come again")
	}
}

func TestAQueryIsForTheLeafThatIsLessKnown(t *testing.T) {
	s := sweepAt(8, 0)
	if s.aim(0x10ff<<48, start) != 0x10ff<<48 {
		t.Error("the first is not for the node's own leaf")
	}
	if s.aim(0x10ff<<48, start) != 0x11ff<<48 {
		t.Error("the second is not for the leaf beside it, while the first is in flight")
	}
	if s.aim(0x10ff<<48, start) != 0x10ff<<48 || s.aim(0x10ff<<48, start) != 0x11ff<<48 {
		t.Error("the next are not for both in turn")
	}
	if s.leaves.at(0x10).pending != 2 || s.leaves.at(0x11).pending != 2 {
		t.Errorf("%+v, %+v", s.leaves.at(0x10), s.leaves.at(0x11))
	}
	if far := s.aim(0x10ff<<48, start) >> 56; far != 0x12 && far != 0x13 {
		t.Errorf("the fifth is for %x", far)
	}
}

// crowded fills the frontier with n candidates.
func (s *sweep) crowded(n int) *sweep {
	for range n {
		s.frontier.push(at(0xff))
	}
	return s
}

func TestWithManyCandidatesTheSweepDoesNotLookFarAhead(t *testing.T) {
	for _, c := range []struct {
		candidates int
		named      uint64 // leaves around 0x80
		least      uint64 // distance of the target in leaves; 0 for the own leaf
	}{
		{2048, 16, 16}, {2048, 128, 128}, {2049, 16, 0}, {2049, 8, 8}, {0, 2, 2},
	} {
		s := sweepAt(8, 0).crowded(c.candidates)
		for d := range c.named {
			s.known(0x80 ^ d)
		}
		if got := s.aim(0x80<<56, start)>>56 ^ 0x80; got < c.least || c.least == 0 && got != 0 || got >= max(2*c.least, 1) {
			t.Errorf("with %d candidates and %d leaves named: a query for the leaf at distance %d, want %d to %d",
				c.candidates, c.named, got, c.least, 2*c.least)
		}
	}
}

// Of two leaves one is empty: two glances at random find it three times in four.
func TestTwoGlancesAreTakenAtASubtree(t *testing.T) {
	found := 0
	for range 8000 {
		s := sweepAt(3, 0)
		s.known(0, 1, 3, 4, 5, 6, 7)
		if s.aim(0, start)>>61 == 2 {
			found++
		}
	}
	if found < 5700 || found > 6300 {
		t.Errorf("found %d times of 8000, want 6000", found)
	}
}

func TestALeafThatIsBeingAskedForIsNotEmpty(t *testing.T) {
	s := sweepAt(2, 0)
	s.known(0, 1, 3)
	s.leaves.ask(2, start)
	s.leaves.ask(2, start)
	if target := s.aim(0, start); target != 0 {
		t.Errorf("it is asked for again: %x", target)
	}
}

func TestALeafThatANodeWasNamedInIsNotEmpty(t *testing.T) {
	s := sweepAt(2, 0)
	s.known(0, 1)
	s.leaves.byNumber[2], s.leaves.byNumber[3] = leaf{named: 1}, leaf{named: 1}
	if target := s.aim(0, start); target != 0 {
		t.Errorf("it is asked for: %x", target)
	}
}

// neighbours are 8 contacts that share so many bits with the node at 0.
func neighbours(shared int) (nodes []wire.Contact) {
	for range 8 {
		nodes = append(nodes, wire.Contact{ID: idAt(1<<(63-shared)|rand.Uint64()>>(shared+1), wire.ID{})})
	}
	return nodes
}

func TestTheDepthOfLeavesFollowsFullRepliesOfNeighbours(t *testing.T) {
	s := sweepAt(0, 0)
	s.answered(0, 1<<63, neighbours(9))
	s.answered(0, 0, neighbours(9)[:7])
	if s.leaves.depth != 0 {
		t.Fatalf("other replies make the leaves %d bits deep", s.leaves.depth)
	}
	if s.answered(0, 0, neighbours(9)); s.leaves.depth != 10 {
		t.Fatalf("neighbours that share 9 bits make the leaves %d bits deep, want 10", s.leaves.depth)
	}
}

func TestAReplyWithoutContactsGivesNoCredit(t *testing.T) {
	s := sweepAt(8, 0)
	s.leaves.ask(0x10, start)
	if s.answered(0x10<<56, 0x10<<56, nil); s.leaves.at(0x10).credit != 0 || s.leaves.at(0x10).pending != 0 {
		t.Errorf("%+v", s.leaves.at(0x10))
	}
	if s.answered(0x10<<56, 0x10<<56, many(1, 0x10)); s.leaves.at(0x10).credit != 4 {
		t.Errorf("%+v", s.leaves.at(0x10))
	}
}

func TestDeeperLeavesKeepThePlaceAndTheCandidates(t *testing.T) {
	s := sweepAt(8, 0x40)
	s.add(at(0x50))
	s.frontier.hold(at(0x60), start)
	s.known(0x40)
	s.respond(0x40<<56, at(0x40))
	s.cursor.tries, s.cursor.spent = 5, 7
	s.resize(12)
	if s.place() != 0x40<<56 || s.leaves.at(0x500).named != 1 || s.leaves.at(0x600).queued != 1 {
		t.Errorf("the cursor is at %x, %+v", s.place(), s.leaves.byNumber)
	}
	if len(s.leaves.byNumber) != 2 || len(s.responders) != 0 || s.cursor.tries != 0 || s.cursor.spent != 7 {
		t.Errorf("what was known of the leaves is kept: %+v", s.cursor)
	}
	if s.resize(4); s.place() != 0x40<<56 || s.leaves.at(5).named != 1 {
		t.Errorf("the cursor is at %x", s.place())
	}
}

func TestASweepBeginsAnewButKnowsTheDensity(t *testing.T) {
	s := sweepAt(0, 0)
	s.answered(0, 0, neighbours(9))
	s.cursor = cursor{leaf: 5, tries: 1, spent: 1, steps: 1, gaps: 1}
	s.known(3)
	s.respond(0, at(0))
	s.watermark.finish(99)
	s.begin()
	if s.cursor.leaf != 0 || s.cursor.spent != 0 || len(s.leaves.byNumber) != 0 || len(s.responders) != 0 || s.watermark.place != 0 {
		t.Errorf("%+v", s)
	}
	if s.leaves.depth != 10 || s.density.bits != 9 || s.density.mean() != 9 {
		t.Errorf("depth %d, density %.1f, %.1f", s.leaves.depth, s.density.bits, s.density.mean())
	}
}

func TestThePlaceAtTheEndIsTheEnd(t *testing.T) {
	s := sweepAt(8, 255)
	if s.done() || s.place() != 255<<56 {
		t.Errorf("done %v at %x", s.done(), s.place())
	}
	s.cursor.leaf++
	if !s.done() || s.place() != math.MaxUint64 {
		t.Errorf("done %v at %x", s.done(), s.place())
	}
}

func TestSomeRespondersAreReturned(t *testing.T) {
	s := sweepAt(8, 0)
	for i := range byte(5) {
		s.respond(key(at(i).ID), at(i))
	}
	if len(s.anyResponders(3)) != 3 || len(s.anyResponders(9)) != 5 || len(s.anyResponders(0)) != 0 {
		t.Error("not as many as asked for")
	}
}
