package lookup

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// name returns c under another ID.
func name(c wire.Contact, id ...byte) wire.Contact {
	c.ID = at(0, id...).ID
	return c
}

func TestAnAddressHasOnePlaceInAWindow(t *testing.T) {
	l := fresh(Config{})
	victim := at(1, 1)
	for i := range byte(5) {
		l.learn(name(victim, 1, i), nil)
		l.learn(at(10+i, 2, i), nil)
	}
	var ids []wire.ID
	l.shortlists[0].window(4, countOne, func(c *candidate) { ids = append(ids, c.step.ID) })
	if want := []wire.ID{{1}, {2, 0}, {2, 1}, {2, 2}}; !slices.Equal(ids, want) {
		t.Errorf("a window of 4 has %v", ids)
	}
}

func TestTheReplyOfAnAddressIsThatOfItsTrueName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fresh(Config{})
		liar, honest := l.newCandidate(at(100, 100), nil), l.newCandidate(at(101, 101), nil)
		node := at(1, 5)
		l.learn(name(node, 1), liar)
		l.learn(name(node, 2), liar)
		l.learn(node, honest)
		q := l.next()
		l.handleAdmitted(q)
		if q.to.step.ID != (wire.ID{1}) {
			t.Fatalf("asked under the name %v", q.to.step.ID)
		}
		more := l.next()
		if more != nil {
			t.Fatalf("asked again under the name %v", more.to.step.ID)
		}
		time.Sleep(30 * time.Millisecond)
		l.handleResult(result{q, wire.Reply{From: node, RTT: 30 * time.Millisecond, Token: []byte("t")}, nil})
		state := l.State()
		if state.Asked != 1 || state.Replied != 1 || state.Lied != 0 || len(state.Closest) != 1 || state.Closest[0].Contact != node {
			t.Errorf("asked %+v, closest %v", state.Round, state.Closest)
		}
		if holders := l.tokenHolders(); len(holders) != 1 || holders[0].step.Contact != node {
			t.Errorf("%d have given a token", len(holders))
		}
		if liar.referredFailures != 2 || liar.referredReplies != 0 || honest.referredReplies != 1 || honest.referredFailures != 0 {
			t.Errorf("of the liar's contacts %d replied and %d did not, of the honest node's %d and %d",
				liar.referredReplies, liar.referredFailures, honest.referredReplies, honest.referredFailures)
		}
		if l.learn(name(node, 3), liar); l.next() != nil {
			t.Error("asked again under a false name")
		}
	})
}

func TestAnAddressIsAskedAgainOnlyUnderTheIDOfItsReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fresh(Config{})
		node := at(1, 9)
		l.learn(name(node, 1), nil)
		for _, id := range []byte{9, 8, 7} { // it changes its ID with every answer
			q := l.next()
			if q == nil {
				if id != 7 {
					t.Errorf("not asked again before it said %d", id)
				}
				return
			}
			l.handleAdmitted(q)
			l.handleResult(result{q, wire.Reply{From: name(node, id), RTT: time.Millisecond}, nil})
			l.learn(name(node, 2), nil)
			l.learn(name(node, id), nil)
		}
		t.Error("asked a third time")
	})
}

func TestASilentAddressIsBlamedOnAllWhoNamedIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fresh(Config{})
		victim := at(1, 1)
		var liars []*candidate
		for i := range byte(6) {
			liars = append(liars, l.newCandidate(at(100+i, 100+i), nil))
			l.learn(name(victim, 1, i), liars[i])
		}
		q := l.next()
		l.handleAdmitted(q)
		time.Sleep(q.timeout)
		l.expire()
		if l.next() != nil {
			t.Error("a silent address is asked again")
		}
		l.handleResult(result{query: q, err: errors.New("no reply")})
		for i, liar := range liars {
			if liar.referredFailures != 1 {
				t.Errorf("liar %d has %d failures", i, liar.referredFailures)
			}
		}
	})
}

func TestNamesOfAnAddressDoNotCrowdOutTheOthers(t *testing.T) {
	l := fresh(Config{})
	liar, s := l.newCandidate(at(100, 100), nil), &l.shortlists[0]
	victim := at(1, 1)
	for i := range byte(200) {
		l.learn(name(victim, 200-i), liar)
	}
	l.learn(at(2, 250), liar)
	if n := len(s.sorted); n != maxNames+1 || len(s.known) != n || len(s.addresses[victim.Addr].names) != maxNames {
		t.Errorf("%d candidates, %d known, %d names of one address", n, len(s.known), len(s.addresses[victim.Addr].names))
	}
	if s.sorted[0].step.ID != (wire.ID{1}) || s.sorted[maxNames].step.ID != (wire.ID{250}) {
		t.Errorf("from %v to %v", s.sorted[0].step.ID, s.sorted[maxNames].step.ID)
	}
	liar.referredFailures = failuresToDistrust
	honest := l.newCandidate(at(101, 101), nil)
	l.learn(name(victim, 201), honest)
	if c := s.addresses[victim.Addr].named(wire.ID{201}); c == nil || !s.usable(c) {
		t.Error("the names of a liar leave no room for that of an honest node")
	}
}
