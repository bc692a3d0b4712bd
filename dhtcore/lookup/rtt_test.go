package lookup

import (
	"math"
	"testing"
	"time"
)

func TestTheTimeoutFollowsTheReplies(t *testing.T) {
	h := newRTTHistogram()
	if e := h.timeout(0); e < 300*time.Millisecond || e > time.Second {
		t.Errorf("timeout %s of a unknown network", e)
	}
	for i := range 1000 {
		h.add(time.Duration(50+i%100) * time.Millisecond) // 50 to 149 ms
	}
	if e := h.timeout(0); e < 140*time.Millisecond || e > 200*time.Millisecond {
		t.Errorf("timeout %s where nine of ten take at most 140 ms", e)
	}
	if m := h.median(); m < 90*time.Millisecond || m > 120*time.Millisecond {
		t.Errorf("median %s of 50 to 149 ms", m)
	}
	for range 2 * historyReplies {
		h.add(2 * time.Second)
	}
	if e := h.timeout(0); e < 2*time.Second {
		t.Errorf("timeout %s after the network became slow", e)
	}
	for range 10 * historyReplies {
		h.add(time.Millisecond)
	}
	if h.timeout(0) != minTimeout || h.timeout(time.Hour) != maxTimeout {
		t.Errorf("bounds: %s, %s", h.timeout(0), h.timeout(time.Hour))
	}
	if known := h.timeout(400 * time.Millisecond); known < 400*time.Millisecond || known > time.Second {
		t.Errorf("timeout %s of a node that took 400 ms", known)
	}
	for range 10_000 { // the weights are scaled down in time
		h.add(80 * time.Millisecond)
	}
	if m := h.median(); m < 75*time.Millisecond || m > 90*time.Millisecond {
		t.Errorf("median %s after ten thousand replies of 80 ms", m)
	}
}

func TestTheShareWithinATimeFollowsTheReplies(t *testing.T) {
	h := newRTTHistogram()
	for range 5 * historyReplies {
		h.add(100 * time.Millisecond)
		h.add(900 * time.Millisecond)
	}
	for d, want := range map[time.Duration]float64{10 * time.Millisecond: 0, 300 * time.Millisecond: 0.5, 5 * time.Second: 1} {
		if got := h.within(d); math.Abs(got-want) > 0.02 {
			t.Errorf("%.2f of the replies within %s, want %.2f", got, d, want)
		}
	}
}

func TestTheReplyRateStartsAtAHalfAndForgets(t *testing.T) {
	var r replyRate
	if r.share() != 0.5 {
		t.Errorf("the prior is %.2f", r.share())
	}
	r.add(false)
	if s := r.share(); s < 0.4 {
		t.Errorf("one failure against the prior makes it %.2f", s)
	}
	for range 5 * historyReplies {
		r.add(false)
	}
	if s := r.share(); s > 0.05 {
		t.Errorf("%.2f after failures alone", s)
	}
	for range 5 * historyReplies {
		r.add(true)
	}
	if s := r.share(); s < 0.95 {
		t.Errorf("%.2f after replies alone", s)
	}
}
