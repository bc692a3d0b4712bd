package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// sweepAt returns a sweep whose leaves have a depth, with the cursor at one of them.
func sweepAt(depth int, leaf uint64) *sweep {
	var s sweep
	s.begin()
	s.leaves.depth, s.cursor.leaf = depth, leaf
	return &s
}

// at returns a contact whose ID begins with first.
func at(first ...byte) (c wire.Contact) {
	copy(c.ID[:], first)
	c.Addr = contact(int(first[0])).Addr
	return c
}

var start = time.Unix(1e9, 0)

func TestAGapIsCrossedByTheCandidatesClosestToIt(t *testing.T) {
	s := sweepAt(8, 0)
	helper := at(0x3e)
	for _, first := range []byte{0x3f, 0x60, 0x44, 0x48} {
		s.add(at(first))
	}
	for _, want := range []byte{0x44, 0x48, 0x60} {
		if c, ok := s.closer(0x40, helper); !ok || c.ID[0] != want {
			t.Fatalf("%x was taken, want %x", c.ID[0], want)
		}
	}
	if c, ok := s.closer(0x40, helper); ok {
		t.Errorf("%x is taken, which is no closer than the helper", c.ID[0])
	}
}

func TestMadeUpCandidatesDoNotHoldUpAGapForEver(t *testing.T) {
	s := sweepAt(8, 0)
	taken := 0
	for range 100 {
		s.add(at(0x41))
		if _, ok := s.closer(0x40, wire.Contact{}); ok {
			taken++
		}
	}
	if taken != 32 {
		t.Errorf("%d candidates were asked for a gap, want 32", taken)
	}
}

// empties takes in n replies with nothing new for the gap at the cursor.
func (s *sweep) empties(n int) {
	for range n {
		s.cursor.tried(0)
	}
}

func TestTheCursorPassesKnownLeavesToTheEnd(t *testing.T) {
	s := sweepAt(3, 0)
	s.known(0, 1, 2, 3, 4, 5, 6, 7)
	s.cursor.gaps = 2
	if _, _, ok := s.fillGap(start); ok || !s.done() || s.cursor.gaps != 0 {
		t.Errorf("the cursor is at %d", s.cursor.leaf)
	}
}

func TestTheCursorStopsWhereACandidateIsToBeAsked(t *testing.T) {
	for _, first := range []byte{0x10, 0x11} {
		s := sweepAt(8, 0x10)
		s.add(at(first))
		if _, _, ok := s.fillGap(start); ok || s.cursor.leaf != 0x10 {
			t.Errorf("with a candidate in %x the cursor is at %x", first, s.cursor.leaf)
		}
	}
}

func TestTheCursorAsksForALeafThatIsNotKnownAndPasses(t *testing.T) {
	s := sweepAt(8, 0x10)
	s.leaves.byNumber[0x10] = leaf{credit: 3, named: 1}
	s.leaves.byNumber[0x11] = leaf{credit: 3, named: 1}
	s.cursor.gaps = 2
	if target, gap, ok := s.fillGap(start); !ok || gap || target != 0x10<<56 || s.cursor.leaf != 0x11 || s.cursor.gaps != 0 {
		t.Errorf("target %x, gap %v, ok %v, the cursor at %x", target, gap, ok, s.cursor.leaf)
	}
	if s.leaves.at(0x10).pending != 1 {
		t.Error("the query is not counted")
	}
}

func TestTheCursorWaitsForAReplyThatMayCome(t *testing.T) {
	s := sweepAt(8, 0x10)
	s.leaves.byNumber[0x10] = leaf{named: 1}
	s.leaves.ask(0x10, start)
	if _, _, ok := s.fillGap(start.Add(time.Second)); ok || s.cursor.leaf != 0x10 {
		t.Error("it does not wait")
	}
	if _, _, ok := s.fillGap(start.Add(time.Second + 1)); !ok || s.cursor.leaf != 0x11 {
		t.Error("it waits for more than a second")
	}
}

func TestThreeHelpersAreAskedForAGapAtATime(t *testing.T) {
	s := sweepAt(8, 0x10)
	for i := range 3 {
		if target, gap, ok := s.fillGap(start); !ok || !gap || target != 0x10<<56 {
			t.Fatalf("query %d: target %x, gap %v, ok %v", i, target, gap, ok)
		}
	}
	if _, _, ok := s.fillGap(start); ok || s.cursor.leaf != 0x10 {
		t.Error("a fourth is asked")
	}
}

// Where a node of the same 8 leaves has answered, the reply tells of the leaf without any waiting.
func TestALeafNearANodeThatAnsweredIsNoGap(t *testing.T) {
	for at, want := range map[uint64]bool{0x40: false, 0x47: false, 0x48: true, 0x3f: true} {
		s := sweepAt(8, 0x40)
		s.responders[at] = contact(1)
		if _, gap, ok := s.fillGap(start); !ok || gap != want {
			t.Errorf("with a responder at %x: gap %v", at, gap)
		}
	}
}

func TestAGapIsGivenUpAfterTwelveRepliesOrThreeEmptyOnes(t *testing.T) {
	for _, c := range []struct{ found, replies int }{{1, 12}, {0, 3}} {
		s := sweepAt(8, 0x10)
		for i := range c.replies {
			if s.cursor.exhausted() {
				t.Errorf("given up after %d replies with %d new contacts", i, c.found)
			}
			s.cursor.tried(c.found)
		}
		if !s.cursor.exhausted() {
			t.Errorf("not given up after %d replies with %d new contacts", c.replies, c.found)
		}
		if target, gap, ok := s.fillGap(start); !ok || !gap || target != 0x11<<56 || s.cursor.gaps != 1 {
			t.Errorf("the next is %x: %+v", target, s.cursor)
		}
	}
}

func TestTheGapsOfAPartTakeNoMoreThan48Replies(t *testing.T) {
	s := sweepAt(12, 0x400)
	for range 4 { // leaves that are no gaps between them
		for range 11 {
			s.cursor.tried(1)
		}
		s.pass()
	}
	for range 4 {
		if s.cursor.exhausted() {
			t.Fatalf("the part is given up: %+v", s.cursor)
		}
		s.cursor.tried(1)
	}
	if !s.cursor.exhausted() {
		t.Error("48 replies are not enough")
	}
	s.cursor.steps = 9
	if s.move(0x40f); s.cursor.spent != 48 || s.cursor.steps != 9 || s.cursor.tries != 0 {
		t.Errorf("in the same part %+v", s.cursor)
	}
	if s.move(0x410); s.cursor.spent != 0 || s.cursor.steps != 0 {
		t.Errorf("in the next part %+v", s.cursor)
	}
}

func TestThreeGapsInARowGiveUpTheirPart(t *testing.T) {
	s := sweepAt(12, 0x400)
	for want := uint64(0x400); want <= 0x402; want++ {
		if target, _, _ := s.fillGap(start); target>>52 != want {
			t.Fatalf("asked for %x, want %x", target>>52, want)
		}
		s.empties(3)
	}
	if target, gap, _ := s.fillGap(start); target>>52 != 0x410 || !gap || s.cursor.gaps != 0 {
		t.Errorf("asked for %x, want 410", target>>52)
	}
}

func TestAPartWithACandidateIsGivenUpOnlyToThere(t *testing.T) {
	for first, want := range map[byte]uint64{0x60: 0x406, 0x20: 0x402, 0xff: 0x40f} {
		s := sweepAt(12, 0x402)
		s.add(at(0x40, first))
		if s.skip(); s.cursor.leaf != want {
			t.Errorf("with a candidate at 40%x the cursor is at %x, want %x", first, s.cursor.leaf, want)
		}
	}
	s := sweepAt(12, 0x402)
	s.add(at(0x30))
	if s.skip(); s.cursor.leaf != 0x402 {
		t.Errorf("the cursor went back to %x", s.cursor.leaf)
	}
	s = sweepAt(12, 0x402)
	s.add(at(0x50))
	if s.skip(); s.cursor.leaf != 0x410 {
		t.Errorf("the cursor is at %x", s.cursor.leaf)
	}
}

// There are 256 parts. With no more leaves than that each is a part, and nothing is skipped.
func TestFewLeavesAreNotSkipped(t *testing.T) {
	s := sweepAt(8, 0x40)
	if s.skip(); s.cursor.leaf != 0x40 {
		t.Errorf("the cursor is at %x", s.cursor.leaf)
	}
	s = sweepAt(9, 0x80)
	if s.skip(); s.cursor.leaf != 0x82 {
		t.Errorf("the cursor is at %x", s.cursor.leaf)
	}
	if sweepAt(4, 0).part(7) != 7 || sweepAt(10, 0).part(7) != 1 {
		t.Error("the parts are others")
	}
}

func TestLeavesFarBehindTheCursorAreForgotten(t *testing.T) {
	s := sweepAt(16, 1023)
	for n := range uint64(3) {
		s.known(n)
		s.responders[n] = contact(1)
	}
	s.pass() // 1024 leaves are remembered
	if len(s.responders) != 3 || len(s.leaves.byNumber) != 3 {
		t.Error("a leaf is forgotten too early")
	}
	s.pass()
	if _, ok := s.responders[0]; ok || len(s.responders) != 2 || s.leaves.at(0) != (leaf{}) || len(s.leaves.byNumber) != 2 {
		t.Errorf("%d responders, %d leaves are remembered", len(s.responders), len(s.leaves.byNumber))
	}
}

func TestTheHelperIsTheClosestThatHasNotHelped(t *testing.T) {
	s := sweepAt(12, 0x400)
	s.responders[0x403], s.responders[0x408], s.responders[0x4ff], s.responders[0x500] = contact(3), contact(8), contact(0xff), contact(0x500)
	for _, want := range []int{3, 8, 0xff} {
		c, ok := s.helper(0x400)
		if !ok || c != contact(want) {
			t.Fatalf("the helper is %v, want number %d", c, want)
		}
		s.cursor.helpers = append(s.cursor.helpers, c.Addr)
	}
	if c, ok := s.helper(0x400); ok {
		t.Errorf("%v is too far away", c)
	}
	if s.pass(); len(s.cursor.helpers) != 0 {
		t.Error("who has helped one leaf does not help the next")
	}
	few := sweepAt(2, 0)
	few.responders[3] = contact(3)
	if c, ok := few.helper(0); !ok || c != contact(3) {
		t.Error("with few leaves all of them are looked at")
	}
}
