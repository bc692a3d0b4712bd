package lookup

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// What has failed because the way to it was cut is asked again soon: a node that replied a while ago is likely there.
func TestANodeThatHadRepliedIsLeftAloneForSecondsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(8, 8))
		s, known, other := NewShared(), node(r), node(r)
		s.Replied(known, time.Millisecond)
		for _, wait := range []time.Duration{0, failureOfKnown} {
			for range maxFailures {
				s.Failed(known)
				s.Failed(other)
			}
			if _, n := s.recall(known); n != maxFailures {
				t.Errorf("after %s: %d failures in a row", wait, n)
			}
			time.Sleep(failureOfKnown)
			_, ofKnown := s.recall(known)
			if _, n := s.recall(other); ofKnown != 0 || n < maxFailures {
				t.Errorf("%d failures of a node that had replied, %d of one that never did", ofKnown, n)
			}
		}
		time.Sleep(cacheLifetime)
		s.Failed(known)
		time.Sleep(failureOfKnown)
		if _, n := s.recall(known); n != 1 {
			t.Errorf("%d failures of one that has not replied for long", n)
		}
	})
}

func TestUnresponsiveNodesAreRememberedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(8, 8))
		s, c := NewShared(), node(r)
		failures := func() int {
			_, n := s.recall(c)
			return n
		}
		for range maxFailures * mostTries {
			s.Failed(c)
		}
		s.Failed(c)
		if failures() != maxFailures*mostTries {
			t.Errorf("%d failures in a row", failures())
		}
		s.Replied(c, time.Millisecond)
		if failures() != 0 {
			t.Errorf("%d failures after a reply", failures())
		}
		time.Sleep(cacheLifetime)
		s.Failed(c)
		time.Sleep(failureLifetime)
		if failures() != 0 {
			t.Errorf("%d failures, long ago", failures())
		}
		s.Failed(c)
		for range 10 * maxUnresponsive {
			s.Failed(node(r))
		}
		if n := len(s.unresponsive.newer) + len(s.unresponsive.older); n > 2*maxUnresponsive || n < maxUnresponsive {
			t.Errorf("%d unresponsive nodes are remembered", n)
		}
	})
}

func TestWhatIsSilentIsSoUnderEveryIDAndALieIsTheIDs(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	silent, liar := node(r), node(r)
	s := NewShared()
	s.Failed(silent)
	s.Lied(liar)
	for name, c := range map[string]struct {
		contact wire.Contact
		want    int
	}{
		"the silent one": {silent, 1}, "another ID at its address": {wire.Contact{ID: liar.ID, Addr: silent.Addr}, 1},
		"the liar": {liar, 1}, "another ID at the address of the lie": {wire.Contact{ID: silent.ID, Addr: liar.Addr}, 0},
	} {
		if _, n := s.recall(c.contact); n != c.want {
			t.Errorf("%s: %d failures, want %d", name, n, c.want)
		}
	}
}
