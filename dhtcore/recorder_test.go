package dhtcore

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatWasSeenIsRememberedSecondBySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(a *away) { a.recorder.every = recordEvery })
		a.until(t, "serving", time.Minute, func(s *Snapshot) bool { return s.Phase == Serving })
		a.Note("one")
		time.Sleep(10 * time.Second)
		before := a.Snapshot()
		a.Note("two")
		time.Sleep(2 * time.Minute)
		first, last := a.Past().Span()
		if now := time.Now(); first.Sub(a.started) > 2*recordEvery || now.Sub(last) > 2*recordEvery {
			t.Errorf("from %s to %s: it started at %s, and it is %s", first, last, a.started, now)
		}
		s, at, err := a.Past().At(before.At)
		if err != nil || before.At.Sub(at) > 2*recordEvery || len(s.Warnings) == 0 || s.Warnings[len(s.Warnings)-1].Text != "one" {
			t.Fatalf("at %s: %s, %v, warnings %v", before.At, at, err, s.Warnings)
		}
		if !s.At.Equal(at) || s.Nodes[0].ID != before.Nodes[0].ID || len(s.Nodes[0].Contacts) == 0 {
			t.Errorf("of %s at %s: node %s with %d contacts", s.At, at, s.Nodes[0].ID, len(s.Nodes[0].Contacts))
		}
		if n := a.Past().Size(); n == 0 || n > tapeSize {
			t.Errorf("%d bytes", n)
		}
	})
}
