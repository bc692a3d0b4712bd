package lookup

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestALookupGoesOnWithTheNodesThatBecomeKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		more := func(_ context.Context, found func([]wire.Contact)) {
			for i := range byte(3) {
				time.Sleep(time.Second)
				found([]wire.Contact{at(i+1, i+1)})
			}
			time.Sleep(time.Second)
		}
		s := New(Config{Querier: mute{}, More: more}).Run(t.Context())
		if s.Replied != 3 || s.Ending != Starvation || s.Elapsed != 4*time.Second {
			t.Errorf("%d replied, %s after %s", s.Replied, s.Ending, s.Elapsed)
		}
	})
}

func TestALookupThatIsDoneWaitsForNoMoreNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		more := func(ctx context.Context, found func([]wire.Contact)) {
			for i := range byte(DefaultK) {
				found([]wire.Contact{at(i+1, i+1)})
			}
			<-ctx.Done()
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if s := New(Config{Querier: mute{}, More: more}).Run(ctx); s.Ending != Completed || s.Elapsed > time.Second {
			t.Errorf("%s after %s", s.Ending, s.Elapsed)
		}
	})
}

func TestANodeThatNobodyVouchesForIsExpectedToReplyLessOften(t *testing.T) {
	l := fresh(Config{Seeds: []wire.Contact{at(1, 1)}, More: func(context.Context, func([]wire.Contact)) {}})
	l.handleMore([]wire.Contact{at(1, 1), at(2, 2)}, true)
	out := l.cfg.Shared.outlook()
	known := l.shortlists[0].known
	if seed, later := out.replyChance(known[at(1, 1)], 0), out.replyChance(known[at(2, 2)], 0); seed != replyRateOfSeeds || later != out.replyRate {
		t.Errorf("%v and %v", seed, later)
	}
}
