package lookup

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// converged returns a lookup whose n closest nodes have replied with contacts up to farthest.
func converged(n int, farthest wire.ID) *Lookup {
	l := fresh(Config{})
	for i := range n {
		l.learn(at(byte(i), 0, byte(i+1)), nil)
	}
	for _, c := range l.shortlists[0].sorted {
		c.become(replied)
		c.reach.farthest = farthest
	}
	return l
}

func TestNothingIsHiddenUnlessTheHorizonIsNear(t *testing.T) {
	hidden := func(l *Lookup) bool { return l.nextBeyondHorizon() != nil }
	near, far := wire.ID{0, 3}, wire.ID{0, 200}
	if !hidden(converged(8, near)) {
		t.Error("nodes beyond the horizon are not looked for")
	}
	if hidden(converged(8, far)) {
		t.Error("the replies reach beyond the last of the closest, and more is looked for")
	}
	if !hidden(converged(4, near)) || hidden(converged(3, near)) {
		t.Error("half of k must have replied")
	}
	l := converged(8, near)
	l.shortlists[0].sorted[5].reach.complete = true
	if hidden(l) {
		t.Error("one of the closest sent all that it knows, and more is looked for")
	}
	l = converged(7, near)
	l.learn(at(99, 0, 100), nil)
	if hidden(l) {
		t.Error("a candidate is yet to be queried, and more is looked for")
	}
}

func TestAQueryBeyondTheHorizonIsForAPrefix(t *testing.T) {
	l := converged(8, wire.ID{0, 3}) // it shares 14 bits with the target, the last of the closest 12
	l.shortlists[0].sorted[2].rtt = time.Millisecond
	for _, c := range l.shortlists[0].sorted[3:] {
		c.rtt = time.Second
	}
	var bits []int
	for q := l.nextBeyondHorizon(); q != nil; q = l.nextBeyondHorizon() {
		if q.purpose != forHidden || !q.repeated() || l.message(q).Method != wire.FindNode || l.message(q).Target != q.target {
			t.Errorf("query %+v", q)
		}
		bits = append(bits, wire.SharedBits(wire.ID{}, q.target))
		if len(bits) == 1 && q.to.step.Bits != 14 {
			t.Errorf("a node of another prefix, %d, is queried for 14 bits", q.to.step.Bits)
		}
	}
	if len(bits) != 3 || bits[0] != 14 || bits[1] != 13 || bits[2] != 12 {
		t.Errorf("prefixes of %v bits were queried", bits)
	}
}

func TestQueriesBeyondTheHorizonAreLimited(t *testing.T) {
	n := 0
	l := converged(7, wire.ID{0, 0, 3}) // fewer than k: every prefix is hidden
	for range 30 {
		if l.nextBeyondHorizon() != nil {
			n++
		}
	}
	if n != 6 {
		t.Errorf("%d queries beyond the horizon", n)
	}
}

func TestTheReachOfRepliesIsOfTheirFamily(t *testing.T) {
	var r reach
	var contacts []wire.Contact
	for i := range byte(8) {
		contacts = append(contacts, at(i, 0, 0, i+1))
	}
	r.extend(wire.ID{}, 0, contacts)
	if r.farthest != (wire.ID{0, 0, 8}) || r.complete {
		t.Errorf("a full reply reaches %+v", r)
	}
	r.extend(wire.ID{}, 0, contacts[:2])
	if r.farthest != (wire.ID{0, 0, 8}) || !r.complete {
		t.Errorf("a shorter reply makes it %+v", r)
	}
	var six reach
	if six.extend(wire.ID{}, 1, contacts); !six.farthest.Zero() || !six.complete {
		t.Errorf("contacts of the other family reach %+v", six)
	}
}
