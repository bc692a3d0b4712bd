package crawl

import (
	"testing"
	"time"
)

func TestSweepsAreStampedFrom1To255(t *testing.T) {
	for number, want := range map[int]uint8{1: 1, 2: 2, 255: 255, 256: 1, 257: 2} {
		if s := (schedule{number: number}); s.stamp() != want {
			t.Errorf("sweep %d has stamp %d, want %d", number, s.stamp(), want)
		}
	}
}

func TestTheNextSweepIsDueWhenTheTypicalIntervalIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		intervals []time.Duration
		took      time.Duration
		want      time.Duration // from the start
	}{
		"the interval, rounded up":           {[]time.Duration{55 * time.Second}, 0, time.Minute},
		"the median":                         {[]time.Duration{0, time.Minute, time.Hour, time.Hour, 6 * time.Hour}, 0, time.Hour + 10*time.Second},
		"the lower one of two":               {[]time.Duration{time.Minute, time.Hour}, 0, 70 * time.Second},
		"a sixteenth of the sweep":           {[]time.Duration{time.Hour}, 32 * time.Minute, time.Hour + 10*time.Second + 2*time.Minute},
		"ten seconds after a long sweep":     {[]time.Duration{time.Minute}, time.Hour, time.Hour + 10*time.Second},
		"a minute after one without samples": {nil, time.Hour, time.Hour + time.Minute},
	} {
		var s schedule
		if !s.due(start) {
			t.Fatal("the first is not due")
		}
		s.begin(start)
		for _, d := range c.intervals {
			s.wait(d)
		}
		if s.due(start.Add(24 * time.Hour)) {
			t.Errorf("%s: due before this one has ended", name)
		}
		s.active = c.took
		s.end(start.Add(c.took))
		if !s.resting || s.due(start.Add(c.want-1)) || !s.due(start.Add(c.want)) {
			t.Errorf("%s: the next is due %s after the start of this, want %s", name, s.next.Sub(start), c.want)
		}
		s.begin(s.next)
		if s.number != 2 || s.resting || s.active != 0 || s.typical() != 0 {
			t.Errorf("%s: the next begins as %+v", name, s.number)
		}
	}
}

func TestANodeWaitsForTenSecondsToSixHours(t *testing.T) {
	var s schedule
	for stated, want := range map[time.Duration]time.Duration{
		-1: 10 * time.Second, 0: 10 * time.Second, 11 * time.Second: 11 * time.Second, 6 * time.Hour: 6 * time.Hour, 7 * time.Hour: 6 * time.Hour,
	} {
		if got := s.wait(stated); got != want {
			t.Errorf("for %s it waits %s, want %s", stated, got, want)
		}
	}
}
