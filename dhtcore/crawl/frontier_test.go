package crawl

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestCandidatesComeOutInTheOrderOfTheirIDs(t *testing.T) {
	var f frontier
	for _, first := range []byte{5, 1, 4, 2, 3} {
		f.push(at(first))
	}
	if lowest, ok := f.lowest(); !ok || lowest != 1<<56 {
		t.Errorf("the lowest is %x", lowest)
	}
	for want := byte(1); want <= 5; want++ {
		if c, ok := f.pop(); !ok || c.ID[0] != want {
			t.Errorf("%d came out, want %d", c.ID[0], want)
		}
	}
	if _, ok := f.pop(); ok {
		t.Error("one more came out")
	}
	if _, ok := f.lowest(); ok {
		t.Error("nothing has a lowest key")
	}
}

func TestTheFrontierTakes65536Candidates(t *testing.T) {
	var f frontier
	f.hold(at(1), start)
	for i := range 65535 {
		if !f.push(contact(i)) {
			t.Fatalf("number %d was refused", i+2)
		}
	}
	if f.push(at(1)) || f.len() != 65536 {
		t.Errorf("%d are taken", f.len())
	}
}

func TestThoseHeldBackComeOutInTurn(t *testing.T) {
	var f frontier
	next := byte(0)
	for i := range 100 { // one more than is taken out each time, so that the room in front is used again
		f.hold(at(byte(2*i)), start.Add(time.Duration(i)*time.Second))
		f.hold(at(byte(2*i+1)), start)
		if c, ok := f.release(); !ok || c.ID[0] != next {
			t.Fatalf("%d came out, want %d", c.ID[0], next)
		}
		next++
	}
	if f.waiting() != 100 || f.len() != 100 || f.released != 100 {
		t.Errorf("%d wait, %d were released", f.waiting(), f.released)
	}
	for f.waiting() > 0 {
		if c, _ := f.release(); c.ID[0] != next {
			t.Fatalf("%d came out, want %d", c.ID[0], next)
		}
		next++
	}
	if _, ok := f.release(); ok {
		t.Error("one more came out")
	}
	for range 1000 {
		f.hold(at(1), start)
		f.release()
	}
	if cap(f.back) > 1000 {
		t.Errorf("the room for 200 candidates grew to %d", cap(f.back))
	}
}

func TestACandidateIsDueWhenItIsReady(t *testing.T) {
	var f frontier
	if f.due(start) {
		t.Error("nobody is due")
	}
	f.hold(at(1), start.Add(time.Second))
	if f.due(start.Add(time.Second-1)) || !f.due(start.Add(time.Second)) {
		t.Error("it is not due when it is ready")
	}
}

func TestTheClosestCandidateIsTakenIfItIsCloseEnough(t *testing.T) {
	var f frontier
	for _, first := range []byte{9, 4, 7} {
		f.push(at(first))
	}
	distance := func(c wire.Contact) uint64 { return uint64(c.ID[0]) }
	if c, ok := f.closest(4, distance); ok {
		t.Errorf("%d is no closer than 4", c.ID[0])
	}
	if c, ok := f.closest(100, distance); !ok || c.ID[0] != 4 || f.len() != 2 {
		t.Errorf("%d is the closest, %d are left", c.ID[0], f.len())
	}
}

func TestAllCandidatesAreListed(t *testing.T) {
	var f frontier
	f.push(at(1))
	f.hold(at(2), start)
	f.hold(at(3), start)
	f.release()
	f.push(at(4))
	var got []byte
	for c := range f.all() {
		got = append(got, c.ID[0])
	}
	if slices.Sort(got); !slices.Equal(got, []byte{1, 3, 4}) {
		t.Errorf("listed %v", got)
	}
	for _, stop := range []int{1, 3} {
		n := 0
		for range f.all() {
			if n++; n == stop {
				break
			}
		}
	}
}
