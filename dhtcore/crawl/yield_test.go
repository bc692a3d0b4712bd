package crawl

import (
	"testing"
	"time"
)

// window records the outcomes of a whole window and reports whether the yield collapsed.
func (y *yield) window(answers int, now time.Time) (collapsed bool) {
	for i := range 256 {
		collapsed = y.outcome(y.next(), i < answers, now) || collapsed
	}
	return collapsed
}

func TestAWindowOfFewAnswersIsACollapse(t *testing.T) {
	now := time.Unix(1e9, 0)
	var y yield
	if y.window(33, now) || y.poor(now) {
		t.Error("33 answers of 256 are a collapse")
	}
	if !y.window(32, now) || !y.poor(now) {
		t.Error("32 answers of 256 are none")
	}
	if y.window(0, now) {
		t.Error("a poor yield collapses again")
	}
}

func TestACollapseEndsInAMinuteOrWithASoundWindow(t *testing.T) {
	now := time.Unix(1e9, 0)
	var y yield
	y.window(0, now)
	if !y.poor(now.Add(time.Minute-1)) || y.poor(now.Add(time.Minute)) {
		t.Error("a collapse does not last a minute")
	}
	if y.window(63, now); !y.poor(now) {
		t.Error("63 answers of 256 end it")
	}
	if y.window(64, now); y.poor(now) {
		t.Error("64 answers of 256 do not end it")
	}
	y.window(0, now)
	if y.forgive(); y.poor(now) {
		t.Error("a forgiven collapse lasts")
	}
}

// Queries that were in flight at the collapse say nothing new about it.
func TestWhatLedToACollapseIsNotJudgedAgain(t *testing.T) {
	now := time.Unix(1e9, 0)
	var y yield
	var late []int
	for range 256 {
		late = append(late, y.next())
	}
	y.window(0, now)
	for _, number := range late {
		if y.outcome(number, false, now.Add(time.Hour)) {
			t.Fatal("the yield collapsed twice")
		}
	}
	if !y.window(0, now.Add(time.Hour)) {
		t.Error("later queries do not count")
	}
}

func TestLateSilenceIsNoCollapse(t *testing.T) {
	var y yield
	now := time.Unix(1e9, 0)
	var silent []int
	for i := range 10 * yieldOver {
		if number := y.next(); i%2 == 0 {
			y.outcome(number, true, now)
		} else {
			silent = append(silent, number)
		}
	}
	for _, number := range silent {
		if y.outcome(number, false, now) {
			t.Fatal("the yield collapsed")
		}
	}
}

// As many queries are in flight as the crawl has at most, and more: each has the window that it began in.
func TestTheWindowsOfAllQueriesInFlightAreKept(t *testing.T) {
	if yieldWindows*yieldOver < 2*maxInFlight {
		t.Errorf("%d windows of %d are too few for %d queries in flight", yieldWindows, yieldOver, maxInFlight)
	}
	var y yield
	first := y.next()
	for range yieldWindows*yieldOver - 1 {
		y.next()
	}
	y.outcome(first, true, time.Unix(1e9, 0))
	if y.windows[0].answered != 1 {
		t.Error("the oldest window was forgotten")
	}
	if y.next(); y.windows[0] != (window{}) {
		t.Error("a new window begins with the counts of an old one")
	}
}
