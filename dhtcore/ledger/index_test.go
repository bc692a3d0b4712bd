package ledger

import (
	"math/rand/v2"
	"testing"
)

// TestTheIndexHoldsWhatAMapWouldHold adds and removes places of hashes, of which many look alike.
func TestTheIndexHoldsWhatAMapWouldHold(t *testing.T) {
	l := New()
	rng := rand.New(rand.NewPCG(1, 1))
	known := map[[20]byte]bool{}
	hash := func() [20]byte { return like(hashOf(rng.IntN(20)), rng.IntN(300)) }
	for range 100_000 {
		h := hash()
		k := l.index.key(&h)
		a, place := l.find(k, &h)
		if (a != nil) != known[h] {
			t.Fatalf("%x: found %v, want %v", h, a != nil, known[h])
		}
		if a == nil {
			l.newAccount(k, &h, l.epoch.stamp(start(l)))
			known[h] = true
			continue
		}
		l.evict(place)
		delete(known, h)
	}
	for h := range known {
		if a, _ := l.find(l.index.key(&h), &h); a == nil || a.hash != h {
			t.Errorf("%x is lost", h)
		}
	}
	n := 0
	for i := range l.index.shards {
		n += l.index.shards[i].Len()
	}
	if n != len(known) {
		t.Errorf("the index has %d entries; want %d", n, len(known))
	}
}
