package simnet

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestTheEndOfASweepIsForetold(t *testing.T) {
	s := newSurvey(NewPlanet(DefaultPlanet(foretoldNodes)), VisitorConfig{ID: wire.ID{7, 1}, Seed: 1, Rate: sweepRate})
	synctest.Test(t, func(t *testing.T) {
		c, start := s.crawl(), time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); c.Run(ctx) }()
		foretold := map[time.Duration]time.Time{}
		for st := c.Stats(); !st.Resting; st = c.Stats() {
			foretold[time.Since(start)] = time.Now().Add(st.ETA)
			time.Sleep(time.Second)
		}
		cancel()
		<-ended
		all := time.Since(start)
		for after, end := range foretold {
			if off := end.Sub(start) - all; after > all/5 && off.Abs() > all/foretoldParts {
				t.Errorf("after %v of %v the end is foretold %v off", after, all, off)
			}
		}
	})
}
