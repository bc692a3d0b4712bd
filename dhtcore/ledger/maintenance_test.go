package ledger

import (
	"math/rand/v2"
	"testing"
	"time"
)

// idOf is an ID of the given first bytes.
func idOf(first ...byte) (id [20]byte) {
	copy(id[:], first)
	return id
}

func TestAnAskerThatIsCloserToTheTargetThanWeAreKeepsItsTable(t *testing.T) {
	libtorrent, other := [4]byte{'L', 'T', 2, 0}, [4]byte{'T', 'R', 4, 0}
	for name, c := range map[string]struct {
		hash, asker, asked [20]byte
		version            [4]byte
		want               Kind
	}{
		"a lookup that comes closer":                      {idOf(0xab, 0xcd), idOf(0xff), idOf(0xab), libtorrent, Requested},
		"as far from both":                                {idOf(0xab, 0xcd), idOf(0x7f), idOf(0x7e), libtorrent, Requested},
		"for our own ID":                                  {idOf(0xab, 0xcd), idOf(0xab), idOf(0xab, 0xcd), libtorrent, Requested},
		"the refresh of a deep bucket":                    {idOf(0xab, 0xcd, 0x10), idOf(0xab, 0xcd, 0x20), idOf(0xab, 0xc1), libtorrent, Refreshed},
		"the same by any client":                          {idOf(0xab, 0xcd, 0x10), idOf(0xab, 0xcd, 0x20), idOf(0xab, 0xc1), other, Refreshed},
		"the same by a client without a version":          {idOf(0xab, 0xcd, 0x10), idOf(0xab, 0xcd, 0x20), idOf(0xab, 0xc1), [4]byte{}, Refreshed},
		"the refresh of the first bucket":                 {idOf(0x80), idOf(0xc0), idOf(0x40), libtorrent, Refreshed},
		"what may be a lookup in a small network":         {idOf(0x80), idOf(0xc0), idOf(0x40), other, Requested},
		"seven bits are chance":                           {idOf(0xab), idOf(0xaa), idOf(0x40), other, Requested},
		"eight are not":                                   {idOf(0xab, 0), idOf(0xab, 0xff), idOf(0x40), other, Refreshed},
		"a lookup of its own ID":                          {idOf(1, 2, 3, 4, 5, 6), idOf(1, 2, 3, 4, 5), idOf(1), other, SelfLookup},
		"its very own":                                    {idOf(1, 2, 3), idOf(1, 2, 3), idOf(1), other, SelfLookup},
		"a node that sits at the hash, and asks a closer": {idOf(1, 2, 3, 4, 5, 6), idOf(1, 2, 3, 4, 5), idOf(1, 2, 3, 4, 5, 6), other, Requested},
	} {
		if got := KindOfRequest(c.hash, c.asker, c.asked, c.version); got != c.want {
			t.Errorf("%s: kind %d, want %d", name, got, c.want)
		}
	}
}

func TestMaintenanceIsCountedApartAndHasNoRank(t *testing.T) {
	l := New()
	l.Changes(start(l))
	now := start(l).Add(time.Second)
	for i, kind := range []Kind{Refreshed, SelfLookup} {
		if l.See(kind, hashOf(i), addrOf(1), 3, now) {
			t.Error("maintenance discovers a hash")
		}
	}
	l.See(SelfLookup, hashOf(1), addrOf(2), 0, now.Add(time.Hour)) // no number of these makes a hash real
	l.See(Requested, hashOf(2), addrOf(3), 0, now)
	if r := row(t, l, hashOf(0), now); r.Maintenance != 1 || r.Requests+r.RawRequests+r.Hour != 0 || r.Rate != 0 ||
		r.Sources != 1 || r.Vantages != 8 || !r.OnlyMaintenance() {
		t.Errorf("row %+v", r)
	}
	if r := row(t, l, hashOf(1), now); r.Maintenance != 2 || r.Requests != 0 || r.Sources != 2 {
		t.Errorf("row of a self-lookup %+v", r)
	}
	if got, want := l.Totals(), (Totals{Hashes: 1, Kept: 3, Requests: 1, RawRequests: 1, Maintenance: 3}); got != want {
		t.Errorf("totals %+v, want %+v", got, want)
	}
	for column := range Columns {
		if all := l.TopBy(column, true, 10, now); len(all) > 1 || len(all) == 1 && all[0].InfoHash != hashOf(2) {
			t.Errorf("by %v: %+v", column, all)
		}
	}
	if all := l.TopBy(ByMaintenance, true, 10, now); len(all) != 2 || all[0].InfoHash != hashOf(1) {
		t.Errorf("by maintenance: %+v", all)
	}
	expectRanks(t, l, TopLen, now)
	for _, r := range l.Changes(now) {
		if is := r.InfoHash == hashOf(2); (r.Requests > 0) != is || (r.Maintenance > 0) == is {
			t.Errorf("change %+v", r)
		}
	}
}

func TestARefreshThatTurnsOutToBeDemandCounts(t *testing.T) {
	for name, c := range map[string]struct {
		second Kind
		addr   int
		after  time.Duration
		real   bool
		want   uint64 // requests
	}{
		"announced":                       {Announced, 1, 0, true, 1},
		"sampled":                         {Sampled, 1, 0, true, 1},
		"found":                           {Found, 9, 0, true, 1},
		"asked for from elsewhere":        {Requested, 2, 0, true, 2},
		"asked for by the same in a way":  {Requested, 1, time.Second, true, 1}, // a repeat is one request
		"asked for like that by another":  {Refreshed, 2, 0, true, 2},
		"asked for like that again":       {Refreshed, 1, RepeatWithin, true, 2},
		"a repeat of the same":            {Refreshed, 1, time.Second, false, 0},
		"looked up by one that is at it":  {SelfLookup, 2, 0, false, 0},
		"looked up so much later as well": {SelfLookup, 1, time.Hour, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := New()
			l.Changes(start(l))
			now := start(l).Add(time.Minute)
			l.See(Refreshed, hashOf(1), addrOf(1), 0, now)
			saved := l.Changes(now)
			if len(saved) != 1 || saved[0].Maintenance != 1 || saved[0].Requests != 0 {
				t.Fatalf("saved %+v", saved)
			}
			if fresh := l.See(c.second, hashOf(1), addrOf(c.addr), 0, now.Add(c.after)); fresh != c.real {
				t.Errorf("fresh %v", fresh)
			}
			r := row(t, l, hashOf(1), now)
			if r.Requests != c.want || (r.Maintenance > 0) == c.real || l.Totals().Requests != c.want || l.Totals().Hashes != min(1, int(r.Requests)) {
				t.Errorf("row %+v, totals %+v", r, l.Totals())
			}
			if !c.real {
				return
			}
			if top := l.Top(1, now); len(top) != 1 || top[0].InfoHash != hashOf(1) || top[0].Requests != c.want {
				t.Errorf("top %+v", top)
			}
			if more := l.Changes(now); len(more) != 1 || more[0].Requests != c.want || more[0].Maintenance != 0 {
				t.Errorf("saved next %+v", more)
			}
		})
	}
}

func TestANameMakesAHashReal(t *testing.T) {
	l := New()
	l.See(Refreshed, hashOf(1), addrOf(1), 0, start(l))
	l.Name(hashOf(1), "a name")
	if r := row(t, l, hashOf(1), start(l)); r.Requests != 1 || r.Maintenance != 0 {
		t.Errorf("row %+v", r)
	}
}

func TestAStoredHashIsReal(t *testing.T) {
	l, now := New(), time.Now()
	l.See(Refreshed, hashOf(1), addrOf(1), 0, start(l))
	l.See(Refreshed, hashOf(2), addrOf(1), 0, start(l))
	l.Changes(now)
	l.Restore(HashRow{InfoHash: hashOf(1), Samples: 3})
	l.Restore(HashRow{InfoHash: hashOf(2), Maintenance: 1})
	l.Restore(HashRow{InfoHash: hashOf(3), Maintenance: 1})
	if r := row(t, l, hashOf(1), now); r.Requests != 1 || r.Maintenance != 0 || r.Samples != 3 {
		t.Errorf("row %+v", r)
	}
	if r := row(t, l, hashOf(2), now); r.Maintenance != 1 || l.Knows(hashOf(3)) || len(l.Top(10, now)) != 1 {
		t.Errorf("row %+v", r)
	}
	if saved := l.Changes(now); len(saved) != 1 || saved[0].Requests != 1 {
		t.Errorf("saved %+v", saved)
	}
}

// The sums of what is saved are those of what was seen, whatever happens in between.
func TestWhatIsSavedAddsUpWithMaintenanceToo(t *testing.T) {
	l, r := New(), rand.New(rand.NewPCG(8, 8))
	l.Limit(minLimit)
	l.Changes(start(l))
	now := start(l)
	type sums struct{ requests, maintenance uint64 }
	saved := map[[20]byte]sums{}
	for i := range 40_000 {
		now = now.Add(time.Duration(r.IntN(100)) * time.Millisecond)
		l.See(Kind(r.IntN(int(kinds))), hashOf(r.IntN(3000)), addrOf(r.IntN(4)), 0, now)
		if i%1000 != 0 {
			continue
		}
		rows := l.Changes(now)
		if i%3000 == 0 {
			l.See(Announced, hashOf(r.IntN(3000)), addrOf(1), 0, now)
			l.Unsaved(rows)
			continue
		}
		for _, row := range rows {
			s := saved[row.InfoHash]
			s.requests, s.maintenance = s.requests+row.Requests, s.maintenance+row.Maintenance
			saved[row.InfoHash] = s
		}
	}
	for _, row := range l.Changes(now) {
		s := saved[row.InfoHash]
		s.requests, s.maintenance = s.requests+row.Requests, s.maintenance+row.Maintenance
		saved[row.InfoHash] = s
	}
	hidden := 0
	for hash, s := range saved {
		is := row(t, l, hash, now)
		if is.Maintenance > 0 {
			hidden++
		}
		if s.requests != is.Requests || is.Maintenance > 0 && s.maintenance != is.Maintenance {
			t.Fatalf("saved %+v of %+v", s, is)
		}
	}
	if got := l.Totals(); hidden != l.hidden || got.Hashes != len(saved)-hidden {
		t.Errorf("%d of %d hashes are maintenance: %+v", hidden, len(saved), got)
	}
}

func TestMaintenanceIsEvictedFirst(t *testing.T) {
	l := New()
	l.Limit(minLimit)
	now := start(l)
	for i := range 3 * minLimit {
		now = now.Add(time.Millisecond)
		l.See([]Kind{Sampled, Refreshed, Refreshed}[i%3], hashOf(i), addrOf(i), 0, now)
	}
	if l.live != minLimit || l.hidden > minLimit/3 { // two in three were seen
		t.Errorf("%d of %d accounts are maintenance", l.hidden, l.live)
	}
	hidden := 0
	for place := range uint32(l.accounts.n) {
		if a := l.accounts.at(place); a.rates != vacant && a.sizes.maintenance() {
			hidden++
		}
	}
	if hidden != l.hidden {
		t.Errorf("%d counted of %d", l.hidden, hidden)
	}
}
