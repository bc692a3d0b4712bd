package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestWhatIsHeldBackIsNotSettled(t *testing.T) {
	var f frontier
	f.begin()
	f.depth, f.head = 8, 0x80
	now := time.Now()
	f.hold(candidate{Contact: wire.Contact{ID: wire.ID{0x10}}}, now)
	f.settle(now) // notes where the head is
	for range 3 {
		now = now.Add(hearing)
		f.settle(now)
	}
	if f.settled.place != 0 {
		t.Fatalf("%x is settled while a candidate waits", f.settled.place)
	}
	f.next(now)
	f.settle(now)
	if f.settle(now.Add(hearing / 2)); f.settled.place != 0 {
		t.Fatalf("%x is settled before its answer is in", f.settled.place)
	}
	if f.settle(now.Add(hearing)); f.settled.place != f.place() {
		t.Fatalf("%x is settled, want %x", f.settled.place, f.place())
	}
}
