package crawl

import (
	"testing"
	"time"
)

func TestTheFallbackEndsWithTheFirstAnswer(t *testing.T) {
	var f fallback
	if f.active || !f.due(start) {
		t.Error("the zero value is not ready")
	}
	f.activate()
	f.begin(3)
	if f.due(start) {
		t.Error("more are asked while three are")
	}
	if f.outcome(false, start) || !f.active || f.due(start) {
		t.Error("one that is silent decides it")
	}
	if f.outcome(true, start) || f.active {
		t.Error("one that answers does not end it, or our network was away")
	}
	if f.outcome(false, start) || f.active || f.away || !f.due(start) {
		t.Errorf("after the last %+v", f)
	}
}

func TestIfNoTrustedNodeAnswersOurNetworkIsAway(t *testing.T) {
	var f fallback
	f.activate()
	f.begin(2)
	f.outcome(false, start)
	if f.away {
		t.Error("away before the last is in")
	}
	f.outcome(false, start)
	if !f.away || f.due(start.Add(5*time.Second-1)) || !f.due(start.Add(5*time.Second)) {
		t.Errorf("they are not asked again after 5 s: %+v", f)
	}
	f.begin(1)
	if !f.outcome(true, start) || f.active || f.away {
		t.Error("our network is not back")
	}
}

func TestAnAnswerOfEarlierDoesNotCount(t *testing.T) {
	var f fallback
	f.begin(1)
	f.outcome(true, start)
	f.activate()
	f.begin(1)
	if f.outcome(false, start); !f.away {
		t.Error("it does")
	}
}

func TestThreeSilentHelpersInARowAreAReasonToFallBack(t *testing.T) {
	var f fallback
	for range 5 {
		f.helper(false)
		f.helper(false)
		f.helper(true)
	}
	if f.active {
		t.Error("two are")
	}
	f.helper(false)
	f.helper(false)
	if f.helper(false); !f.active || f.silent != 0 {
		t.Errorf("three are not: %+v", f)
	}
}
