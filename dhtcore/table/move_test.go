package table

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestAnImpostorMakesItsWholeBucketDueForAPing(t *testing.T) {
	f := newField(60)
	met := f.join(0, K+1, start)
	others := f.join(1, K, start)
	impostor := wire.Contact{ID: f.sharing(2), Addr: met[2].Addr}
	f.Replied(impostor, 0, "", start)
	var due []wire.Contact
	for now := start; now.Before(start.Add(K * time.Second)); now = now.Add(time.Second) {
		for _, c := range f.DuePing(8, now) {
			f.MarkAsked(c, now)
			due = append(due, c)
		}
	}
	for i, c := range met {
		if got, want := slices.Contains(due, c), i != 2; got != want {
			t.Errorf("node %d of the bucket: due is %v, want %v", i, got, want)
		}
	}
	for _, c := range append(others, impostor) {
		if slices.Contains(due, c) {
			t.Errorf("%v of another bucket is due", c)
		}
	}
	if good, _, _ := f.Count(start); good != 2*K {
		t.Errorf("%d good nodes while suspect", good)
	}
	for _, c := range due {
		f.Replied(c, 0, "", start)
	}
	if due := f.DuePing(8, start.Add(RetryAfter)); due != nil {
		t.Errorf("after they replied: %v", due)
	}
	f.check(t)
}

func TestANodeThatRepliesAsUsOrAsNobodyIsEvicted(t *testing.T) {
	for _, id := range []wire.ID{{}, newField(61).Self()} {
		f := newField(61)
		c := f.join(0, 2, start)[0]
		expect(t, "the answer", f.Replied(wire.Contact{ID: id, Addr: c.Addr}, 0, "", start), left(c))
		if f.at(c) != nil || len(f.Nodes()) != 1 {
			t.Errorf("after an answer as %s the table holds %v", id, f.Nodes())
		}
		f.check(t)
	}
}

func TestAMovedTableKeepsItsNodesAroundTheNewID(t *testing.T) {
	f := newField(62)
	f.joinRandom(300, start.Add(-time.Hour))
	f.joinRandom(300, start)
	before := f.Nodes()
	self := f.sharing(0)
	f.Move(self, start)
	f.check(t)
	if f.Self() != self {
		t.Errorf("the table is around %s", f.Self())
	}
	kept := 0
	for _, n := range before {
		if now := f.at(n.Contact); now != nil {
			kept++
			n.Bucket, n.Replacement = now.Bucket, now.Replacement
			if *now != n {
				t.Errorf("%+v became %+v", n, *now)
			}
		}
	}
	if kept < 2*(K+MaxReplacements) { // our old side of the table is one bucket now; the other side fits
		t.Errorf("%d of %d nodes were kept", kept, len(before))
	}
	good, questionable, _ := f.Count(start)
	if questionable > 0 && good < K {
		t.Errorf("%d good and %d questionable: the good come first", good, questionable)
	}
	f.Move(before[0].ID, start)
	if f.check(t); f.at(before[0].Contact) != nil {
		t.Error("a node with our new ID is still there")
	}
}
