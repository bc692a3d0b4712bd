package lookup

import (
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestALookupStartsFromNodesThatEarlierOnesWereTold(t *testing.T) {
	shared := NewShared()
	earlier := fresh(Config{Shared: shared, Seeds: []wire.Contact{at(1, 1)}})
	referrer := earlier.shortlists[0].known[at(1, 1)]
	for i := byte(2); i < 6; i++ {
		earlier.learn(at(i, i), referrer)
	}
	shared.Failed(at(2, 2))
	shared.Lied(at(3, 3))
	shared.Replied(at(4, 4), 1)

	known := fresh(Config{Shared: shared}).shortlists[0].known
	if len(known) != 2 || known[at(4, 4)].unproven || !known[at(5, 5)].unproven {
		t.Errorf("it starts from %v", known)
	}
}

func TestANodeThatFailedIsNotRememberedWhenItIsNamedAgain(t *testing.T) {
	shared := NewShared()
	shared.Failed(at(2, 2))
	shared.Named(at(2, 2))
	if known := fresh(Config{Shared: shared}).shortlists[0].known; len(known) != 0 {
		t.Errorf("it starts from %v", known)
	}
}

func TestANodeIsRememberedForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := NewShared()
		shared.Replied(at(1, 1), time.Millisecond)
		shared.Named(at(2, 2))
		time.Sleep(cacheLifetime)
		known := fresh(Config{Shared: shared}).shortlists[0].known
		for _, c := range []wire.Contact{at(1, 1), at(2, 2)} {
			if n := known[c]; n == nil || !n.unproven || n.proven {
				t.Errorf("after 15 minutes it starts from %+v", n)
			}
		}
		time.Sleep(namedLifetime - cacheLifetime)
		if known := fresh(Config{Shared: shared}).shortlists[0].known; len(known) != 0 {
			t.Errorf("after an hour it starts from %v", known)
		}
		shared.Named(at(1, 1))
		if known := fresh(Config{Shared: shared}).shortlists[0].known; len(known) != 1 {
			t.Errorf("once it is named again it starts from %v", known)
		}
	})
}
