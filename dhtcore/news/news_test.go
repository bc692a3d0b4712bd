package news

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/wire"
)

// newsroom is a desk with what it reads.
type newsroom struct{ *Desk }

func newNewsroom() newsroom {
	return newsroom{New(ledger.New(), journal.New(1<<10), time.Now())}
}

// sees lets count sources, from the first on, do something about hash now.
func (r newsroom) sees(kind ledger.Kind, hash wire.ID, first, count int) {
	for i := range count {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte((first + i) >> 8), byte(first + i)}), 6881)
		r.ledger.See(kind, hash, addr, 0, time.Now())
		if kind == ledger.Announced {
			r.journal.Add(journal.Event{Kind: journal.Announced, Hash: hash, Addr: addr, N: i + 1})
		}
	}
}

// passes lets time pass.
func (r newsroom) passes(d time.Duration) []Item {
	for range int(d / every) {
		time.Sleep(every)
		r.look(time.Now())
	}
	return r.News().Items
}

func TestAHashThatIsAskedForMoreThanBeforeIsNewsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, rising, steady := newNewsroom(), wire.ID{1}, wire.ID{2}
		for i := range 30 {
			r.sees(ledger.Requested, steady, 10*i, 10)
			r.sees(ledger.Requested, rising, i, 1)
			if got := r.passes(10 * time.Second); len(got) > 0 {
				t.Fatalf("news after %d times: %+v", i, got)
			}
		}
		for i := range 6 {
			r.sees(ledger.Requested, rising, 1000+50*i, 50)
			r.sees(ledger.Requested, steady, 1000+10*i, 10)
			r.passes(10 * time.Second)
		}
		got := r.News().Items
		if len(got) != 1 || got[0].Kind != Rising || got[0].Hash != rising || got[0].Rise.Now < 10*got[0].Rise.Before {
			t.Fatalf("news: %+v", got)
		}
		if got := r.passes(kept); len(got) > 0 {
			t.Errorf("still news after an hour: %+v", got)
		}
	})
}

func TestASwarmThatWasNotThereBeforeIsNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newNewsroom()
		r.sees(ledger.Announced, wire.ID{1}, 0, 20)
		if got := r.passes(2 * warmup); len(got) > 0 {
			t.Errorf("news of a swarm that was there at the start: %+v", got)
		}
		r.sees(ledger.Announced, wire.ID{2}, 0, newSwarm-1)
		if got := r.passes(every); len(got) > 0 {
			t.Errorf("news of a swarm of two: %+v", got)
		}
		r.sees(ledger.Announced, wire.ID{3}, 0, newSwarm)
		r.sees(ledger.Announced, wire.ID{4}, 0, newSwarm+1)
		r.sees(ledger.Announced, wire.ID{5}, 0, newSwarm)
		got := r.passes(every)
		if len(got) != 1 || got[0].Kind != NewSwarm || got[0].Hash != (wire.ID{4}) || got[0].Peers != newSwarm+1 || got[0].Others != 2 {
			t.Fatalf("news: %+v", got)
		}
		r.sees(ledger.Announced, wire.ID{4}, 10, 5)
		if got := r.passes(time.Minute); len(got) != 1 {
			t.Errorf("news of what was news: %+v", got)
		}
	})
}

func TestASwarmThatLosesItsSeedsIsNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newNewsroom()
		r.LookedUp(wire.ID{1}, 0, 3, time.Now())
		r.LookedUp(wire.ID{1}, 3, 2, time.Now())
		r.LookedUp(wire.ID{2}, 0, 0, time.Now())
		if got := r.News().Items; len(got) > 0 {
			t.Errorf("news: %+v", got)
		}
		r.LookedUp(wire.ID{1}, 2, 0, time.Now())
		if got := r.News().Items; len(got) != 1 || got[0].Kind != LostSeeds || got[0].Hash != (wire.ID{1}) || got[0].Seeds != 2 {
			t.Errorf("news: %+v", got)
		}
	})
}
