package ledger

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// history holds all requests of a hash by slot of TrendSlot.
type history map[uint32]uint64

// within sums the requests of the last n slots of a length in units of TrendSlot, the running one included.
func (h history) within(slot uint32, n, length int) (sum uint64) {
	first := (int(slot)/length - n + 1) * length
	for s, c := range h {
		if int(s) >= first {
			sum += c
		}
	}
	return sum
}

func TestTheWindowsAreThoseOfAListOfAllRequests(t *testing.T) {
	l, r := New(), rand.New(rand.NewPCG(4, 4))
	requests := map[[20]byte]history{}
	now := start(l)
	for step := range 60_000 {
		// Demand comes and goes: of 1,500 hashes some 100 at a time, in four hours.
		now = now.Add(time.Duration(r.IntN(480)) * time.Millisecond)
		hash := hashOf(step/40 + int(r.ExpFloat64()*30))
		kind := Kind(r.IntN(int(Refreshed))) // the requests of hashes that turn out to be real are not dated
		l.See(kind, hash, addrOf(step), 0, now)
		slot := slotOf(l.epoch.stamp(now))
		if requests[hash] == nil {
			requests[hash] = history{}
		}
		if kind == Requested {
			requests[hash][slot]++
		}
		if step%500 != 0 {
			continue
		}
		for hash, h := range requests {
			got := row(t, l, hash, now)
			for i, n := range got.Trend {
				if want := h[slot-TrendLen+1+uint32(i)]; uint64(n) != want {
					t.Fatalf("step %d: trend %v, slot %d should have %d", step, got.Trend, i, want)
				}
			}
			if want := h.within(slot, minutesLen, minuteSlots); got.Minutes != want {
				t.Fatalf("step %d: %d in five minutes, want %d", step, got.Minutes, want)
			}
			if want := h.within(slot, hourLen, hourSlots); got.Hour != want {
				t.Fatalf("step %d: %d in an hour, want %d", step, got.Hour, want)
			}
		}
	}
	if n := l.rates.n; n == 0 || n > l.accounts.n*3/4 {
		t.Errorf("%d rates for %d hashes: expired ones are not reused", n, l.accounts.n)
	}
}

func TestTheRateIsThatOfEvenDemandAndHalvesInAMinute(t *testing.T) {
	l, hash := New(), hashOf(1)
	now := start(l)
	const each = 50 * time.Millisecond
	for i := range int(10 * time.Minute / each) {
		now = now.Add(each)
		l.See(Requested, hash, addrOf(i), 0, now)
		if at := now.Sub(start(l)); at > 6*time.Minute && i%97 == 0 {
			if rate := row(t, l, hash, now).Rate; math.Abs(rate-20) > 0.2 {
				t.Fatalf("after %v the rate is %.2f/s, want 20", at, rate)
			}
		}
	}
	for i := range 3 {
		want := 20 / math.Exp2(float64(i))
		if rate := row(t, l, hash, now.Add(time.Duration(i)*RateHalfLife)).Rate; math.Abs(rate-want) > 0.1*want {
			t.Errorf("%d minutes after the last request the rate is %.2f/s, want %.2f", i, rate, want)
		}
	}
	if rate := row(t, l, hash, now.Add(time.Hour)).Rate; rate != 0 {
		t.Errorf("an hour later the rate is %.2f/s", rate)
	}
}

func TestTheTrendCountsTheRequestsOfTheLastSlots(t *testing.T) {
	l, hash := New(), hashOf(1)
	at := func(slot int) time.Time { return start(l).Add(time.Duration(slot)*TrendSlot + time.Second) }
	for slot, requests := range []int{1, 2, 0, 3, 1, 0, 4} {
		for i := range requests {
			l.See(Requested, hash, addrOf(10*slot+i), 0, at(slot))
		}
	}
	l.See(Announced, hash, addrOf(1), 0, at(6))
	l.See(Requested, hash, addrOf(1), 0, at(5)) // late: counts as of now
	for slot, want := range map[int][TrendLen]uint32{
		3:   {0, 3, 1, 0, 5}, // a reader whose clock is behind sees the newest
		6:   {0, 3, 1, 0, 5},
		7:   {3, 1, 0, 5, 0},
		10:  {5, 0, 0, 0, 0},
		11:  {},
		999: {},
	} {
		if got := row(t, l, hash, at(slot)).Trend; got != want {
			t.Errorf("slot %d: %v, want %v", slot, got, want)
		}
	}
}
