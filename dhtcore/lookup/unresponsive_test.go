package lookup

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

func TestUnresponsiveNodesAreRememberedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(8, 8))
		m, c := NewMemory(), node(r)
		failures := func() int {
			_, n := m.recall(c)
			return n
		}
		m.Silent(c)
		m.Silent(c)
		m.Silent(c)
		if failures() != maxFailures {
			t.Errorf("%d failures in a row", failures())
		}
		m.Heard(c, time.Millisecond)
		if failures() != 0 {
			t.Errorf("%d failures after a reply", failures())
		}
		m.Silent(c)
		time.Sleep(failureLifetime)
		if failures() != 0 {
			t.Errorf("%d failures, long ago", failures())
		}
		m.Silent(c)
		for range 10 * maxUnresponsive {
			m.Silent(node(r))
		}
		if n := len(m.unresponsive.newer) + len(m.unresponsive.older); n > 2*maxUnresponsive || n < maxUnresponsive {
			t.Errorf("%d unresponsive nodes are remembered", n)
		}
	})
}
