package republish

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// visitor counts turns.
type visitor struct {
	mu      sync.Mutex
	begun   time.Time
	turns   []turn
	running int
	most    int
	takes   time.Duration
	outcome func(t Turn) Outcome
}

type turn struct {
	Turn
	at time.Duration
}

func (v *visitor) visit(_ context.Context, t Turn) Outcome {
	v.mu.Lock()
	v.turns = append(v.turns, turn{t, time.Since(v.begun)})
	v.running++
	v.most = max(v.most, v.running)
	v.mu.Unlock()
	time.Sleep(v.takes)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.running--
	if v.outcome == nil {
		return Kept
	}
	return v.outcome(t)
}

// run schedules n entries for a time.
func run(t *testing.T, n int, every, limit time.Duration, v *visitor, configure func(*Config)) *Scheduler {
	t.Helper()
	cfg := Config{Every: every, Parallel: 8, Visit: v.visit}
	if configure != nil {
		configure(&cfg)
	}
	s := New(cfg)
	v.begun = time.Now()
	for range n {
		s.Add()
	}
	s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s.Run(ctx)
	return s
}

func (v *visitor) of(entry int, a Action) (at []time.Duration) {
	for _, t := range v.turns {
		if t.Entry == entry && t.Action == a {
			at = append(at, t.at)
		}
	}
	return at
}

func TestRenewalsAreSpreadOverTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, every = 300, 15 * time.Minute
		v := visitor{takes: time.Second}
		run(t, n, every, 3*time.Hour, &v, nil)
		if v.most != 8 {
			t.Errorf("%d visits at once", v.most)
		}
		for i := range n {
			at := v.of(i, Store)
			for k := 1; k < len(at); k++ {
				if gap := at[k] - at[k-1]; gap > every+10*time.Second || gap < every/2 {
					t.Errorf("entry %d waits for %s", i, gap)
				}
			}
			if len(v.of(i, Look)) > 0 || len(at) < 12 {
				t.Errorf("entry %d: %d turns", i, len(at))
			}
		}
		minutes := map[time.Duration]int{}
		for _, turn := range v.turns {
			if turn.at > time.Hour && turn.at < 2*time.Hour {
				minutes[turn.at/time.Minute]++
			}
		}
		for m, count := range minutes {
			if count < 16 || count > 24 { // 20 would be even
				t.Errorf("%d turns in minute %d", count, m)
			}
		}
	})
}

func TestFewEntriesAreLookedAtBetweenRenewals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := visitor{}
		run(t, FewEntries, time.Hour, 10*time.Hour+time.Minute, &v, nil)
		looks, stores := v.of(3, Look), v.of(3, Store)
		if len(stores) < 10 || len(looks) < len(stores)-1 || looks[0] != stores[0]+time.Minute {
			t.Errorf("stored %s, looked %s", stores, looks)
		}
		faded := false
		v = visitor{outcome: func(t Turn) Outcome {
			if t.Action == Look && !faded {
				faded = true
				return Fading
			}
			return Kept
		}}
		run(t, 1, time.Hour, 30*time.Minute-time.Second, &v, nil)
		if stores := v.of(0, Store); len(stores) != 2 || stores[1] != time.Minute {
			t.Errorf("what fades is stored %s", stores)
		}
	})
}

func TestWhatFailedIsTriedAgainSoonAndThenLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := visitor{outcome: func(Turn) Outcome { return Missed }}
		run(t, 1, 15*time.Minute, 24*time.Hour, &v, nil)
		at := v.of(0, Store)
		if at[1] != firstRetry || at[2] != 3*firstRetry || at[len(at)-1]-at[len(at)-2] != 15*time.Minute/2 {
			t.Errorf("tried %s", at)
		}
		v = visitor{outcome: func(Turn) Outcome { return Ended }}
		if run(t, 3, time.Minute, time.Hour, &v, nil); len(v.turns) != 3 {
			t.Errorf("%d turns of what has ended", len(v.turns))
		}
		v = visitor{}
		if run(t, 100, time.Minute, time.Hour, &v, func(c *Config) { c.Once = true }); len(v.turns) != 100 {
			t.Errorf("%d turns of 100 entries", len(v.turns))
		}
	})
}

func TestAfterAnOutageTheLongestOverdueComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := visitor{takes: time.Second}
		begun := time.Now()
		away := func() bool { return time.Since(begun) > 20*time.Minute && time.Since(begun) < 50*time.Minute }
		run(t, 100, 15*time.Minute, 2*time.Hour, &v, func(c *Config) { c.Ready = func() bool { return !away() } })
		var late []time.Duration
		for _, turn := range v.turns {
			switch {
			case turn.at > 20*time.Minute && turn.at < 50*time.Minute:
				t.Errorf("a visit at %s, while the network is away", turn.at)
			case turn.at >= 50*time.Minute && turn.at < 51*time.Minute:
				late = append(late, turn.Late)
			}
		}
		if len(late) < 100 {
			t.Fatalf("%d visits in the minute after the outage", len(late))
		}
		for i := 16; i < 90; i++ { // eight at once come in any order
			if late[i] > late[i-16] {
				t.Errorf("one that is %s late comes after one that is %s late", late[i], late[i-16])
			}
		}
	})
}

func TestAListThatIsTooLongFallsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := visitor{takes: 10 * time.Second}
		s := run(t, 10_000, 15*time.Minute, time.Hour, &v, nil) // a round takes 3 h 28 min
		if behind := s.Behind(); behind < time.Hour || len(v.turns) > 8*361 {
			t.Errorf("%s behind after %d turns", behind, len(v.turns))
		}
		if s := run(t, 3, 15*time.Minute, time.Hour, &v, nil); s.Behind() > 10*time.Second || s.Next().Before(time.Now()) {
			t.Errorf("three entries are %s behind", s.Behind())
		}
	})
}

func TestEntriesMayComeLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := visitor{begun: time.Now()}
		s := New(Config{Every: time.Hour, Parallel: 2, Visit: v.visit, Once: true})
		go func() {
			for range 5 {
				time.Sleep(time.Minute)
				s.Add()
			}
			s.Close()
		}()
		s.Run(t.Context())
		if len(v.turns) != 5 || v.turns[4].at != 5*time.Minute || v.turns[4].Late != 0 {
			t.Errorf("%+v", v.turns)
		}
	})
}
