package crawl

import (
	"testing"
	"time"
)

func TestWhatIsHeldBackIsNotDone(t *testing.T) {
	s := sweepAt(8, 0x80)
	now := time.Now()
	s.frontier.hold(at(0x10), now)
	s.raiseWatermark(now) // notes where the cursor is
	for range 3 {
		now = now.Add(replyWithin)
		s.raiseWatermark(now)
	}
	if s.watermark.place != 0 {
		t.Fatalf("%x is done while a candidate waits", s.watermark.place)
	}
	s.next(now)
	s.raiseWatermark(now)
	if s.raiseWatermark(now.Add(replyWithin / 2)); s.watermark.place != 0 {
		t.Fatalf("%x is done before its reply is in", s.watermark.place)
	}
	if s.raiseWatermark(now.Add(replyWithin)); s.watermark.place != s.place() {
		t.Fatalf("%x is done, want %x", s.watermark.place, s.place())
	}
}

func TestACandidateAheadBelowTheWatermarkIsWaitedFor(t *testing.T) {
	s := sweepAt(8, 0x80)
	s.add(at(0x10))
	for i := range 10 {
		s.raiseWatermark(start.Add(time.Duration(i) * time.Minute))
	}
	if s.watermark.place != 0 {
		t.Errorf("%x is done while a candidate below waits", s.watermark.place)
	}
	s.next(start)
	s.add(at(0x90)) // above
	for i := range 10 {
		s.raiseWatermark(start.Add(time.Hour + time.Duration(i)*time.Minute))
	}
	if s.watermark.place != 0x80<<56 {
		t.Errorf("%x is done", s.watermark.place)
	}
}

// The reply may take ten seconds: what is counted sooner would be too few.
func TestTheRepliesAreWaitedForTenSeconds(t *testing.T) {
	s := sweepAt(8, 0x80)
	s.raiseWatermark(start)
	s.raiseWatermark(start)
	if s.raiseWatermark(start.Add(10*time.Second - 1)); s.watermark.place != 0 {
		t.Error("less than ten seconds are enough")
	}
	if s.raiseWatermark(start.Add(10 * time.Second)); s.watermark.place == 0 {
		t.Error("ten seconds are not enough")
	}
}

func TestTheNextPlaceIsNotedWhereTheCursorIsThen(t *testing.T) {
	s := sweepAt(8, 0x40)
	s.raiseWatermark(start)
	s.cursor.leaf = 0x80
	s.raiseWatermark(start)
	s.raiseWatermark(start.Add(time.Minute))
	if s.watermark.place != 0x40<<56 {
		t.Errorf("%x is done", s.watermark.place)
	}
	s.raiseWatermark(start.Add(time.Minute))
	s.raiseWatermark(start.Add(time.Minute))
	s.raiseWatermark(start.Add(2 * time.Minute))
	if s.watermark.place != 0x80<<56 {
		t.Errorf("%x is done a minute later", s.watermark.place)
	}
	if s.watermark.finish(s.place()); s.watermark.place != 0x80<<56 || s.watermark.next != 0x80<<56 {
		t.Errorf("it was finished at %+v", s.watermark)
	}
}
