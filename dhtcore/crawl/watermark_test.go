package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestWhatIsHeldBackIsNotSettled(t *testing.T) {
	var f sweep
	f.begin()
	f.depth, f.head = 8, 0x80
	now := time.Now()
	f.hold(candidate{Contact: wire.Contact{ID: wire.ID{0x10}}}, now)
	f.raiseWatermark(now) // notes where the head is
	for range 3 {
		now = now.Add(hearing)
		f.raiseWatermark(now)
	}
	if f.watermark.place != 0 {
		t.Fatalf("%x is settled while a candidate waits", f.watermark.place)
	}
	f.next(now)
	f.raiseWatermark(now)
	if f.raiseWatermark(now.Add(hearing / 2)); f.watermark.place != 0 {
		t.Fatalf("%x is settled before its answer is in", f.watermark.place)
	}
	if f.raiseWatermark(now.Add(hearing)); f.watermark.place != f.place() {
		t.Fatalf("%x is settled, want %x", f.watermark.place, f.place())
	}
}
