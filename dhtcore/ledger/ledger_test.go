package ledger

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"
)

// hashOf and addrOf are the i-th hash, whose bytes do not follow the order of i, and the i-th address.
func hashOf(i int) (hash [20]byte) {
	binary.LittleEndian.PutUint64(hash[:], uint64(i)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(hash[12:], uint64(i))
	return hash
}

func addrOf(i int) netip.AddrPort {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], 0x08000000+uint32(i))
	return netip.AddrPortFrom(netip.AddrFrom4(ip), 6881)
}

// start is when l was made.
func start(l *Ledger) time.Time { return l.epoch.Add(epochBefore) }

func row(t *testing.T, l *Ledger, hash [20]byte, now time.Time) HashRow {
	t.Helper()
	r, known := l.Row(hash, now)
	if !known || r.InfoHash != hash {
		t.Fatalf("no row of %x: %+v", hash, r)
	}
	return r
}

func TestEverySightingIsCountedByItsKind(t *testing.T) {
	l := New()
	hash, first := hashOf(1), start(l).Add(time.Second)
	if l.Knows(hash) {
		t.Error("the hash is known before it was seen")
	}
	for i, kind := range []Kind{Sampled, Requested, Requested, Requested, Announced, Announced, Found} {
		now := first.Add(time.Duration(i) * time.Second)
		if fresh := l.See(kind, hash, addrOf(i), 0, now); fresh != (i == 0) {
			t.Errorf("sighting %d: fresh %v", i, fresh)
		}
	}
	l.See(Requested, hashOf(2), addrOf(1), 0, first)
	l.Name(hash, "a name")
	l.Name(hashOf(3), "nobody's name")
	want := HashRow{InfoHash: hash, Name: "a name", Requests: 3, RawRequests: 3, Announces: 2, Samples: 1, Sources: 5, Peers: 3,
		FirstSeen: first, LastSeen: first.Add(6 * time.Second), Vantages: 1,
		Minutes: 3, Hour: 3, Trend: [TrendLen]uint32{TrendLen - 1: 3}}
	got := row(t, l, hash, first)
	if got.Rate == 0 {
		t.Error("no rate")
	}
	if got.Rate = 0; got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got, want := l.Totals(), (Totals{Hashes: 2, Kept: 2, Requests: 4, RawRequests: 4, Announces: 2, Samples: 1}); got != want {
		t.Errorf("totals %+v, want %+v", got, want)
	}
	if !l.Knows(hash) || l.Knows(hashOf(3)) {
		t.Error("Knows does not tell what was seen")
	}
	if _, known := l.Row(hashOf(3), first); known {
		t.Error("a row of a hash that was never seen")
	}
}

func TestSourcesAreAddressesAndPeersAreAddressesWithPorts(t *testing.T) {
	l, hash := New(), hashOf(1)
	for _, addr := range []string{"8.8.8.8:1", "8.8.8.8:2", "[::ffff:8.8.8.8]:1", "[2001:db8::1]:1", "[2001:db8::1]:2", "8.8.8.8:1"} {
		l.See(Announced, hash, netip.MustParseAddrPort(addr), 0, start(l))
	}
	l.See(Sampled, hash, netip.MustParseAddrPort("9.9.9.9:9"), 0, start(l))
	if r := row(t, l, hash, start(l)); r.Sources != 2 || r.Peers != 4 {
		t.Errorf("%d sources and %d peers, want 2 and 4", r.Sources, r.Peers)
	}
}

func TestDistinctSourcesAreExactWhileFewAndNearlySoBeyond(t *testing.T) {
	l, hash := New(), hashOf(1)
	for i := range 200_000 {
		l.See(Requested, hash, addrOf(i), 0, start(l))
		l.See(Requested, hash, addrOf(i/2), 0, start(l))
		n := i + 1
		if n > 2*exactUpTo && n%1999 != 0 {
			continue
		}
		switch got := row(t, l, hash, start(l)).Sources; {
		case n <= exactUpTo && got != n:
			t.Fatalf("%d sources are counted as %d", n, got)
		case math.Abs(float64(got-n)) > 0.03*float64(n):
			t.Fatalf("%d sources are counted as %d", n, got)
		}
	}
}

// sorted is what Top should return, found by sorting all accounts.
func sorted(l *Ledger) (hashes [][20]byte) {
	all := make([]*account, 0, l.accounts.n)
	for i := range l.accounts.n {
		all = append(all, l.accounts.at(uint32(i)))
	}
	slices.SortFunc(all, func(a, b *account) int {
		switch {
		case a.requests != b.requests:
			return cmp.Compare(b.requests, a.requests)
		case a.announces != b.announces:
			return cmp.Compare(b.announces, a.announces)
		case a.samples != b.samples:
			return cmp.Compare(b.samples, a.samples)
		case a.first != b.first:
			return l.time(a.first).Compare(l.time(b.first))
		}
		return slices.Compare(a.hash[:], b.hash[:])
	})
	for _, a := range all {
		hashes = append(hashes, a.hash)
	}
	return hashes
}

func expectRanks(t *testing.T, l *Ledger, n int, now time.Time) {
	t.Helper()
	top, want := l.Top(n, now), sorted(l)
	if len(top) != min(n, TopLen, len(want)) {
		t.Fatalf("%d rows of %d asked for and %d there", len(top), n, len(want))
	}
	for i, r := range top {
		if r.Rank != i+1 || r.InfoHash != want[i] {
			t.Fatalf("row %d has rank %d and hash %x, want %x", i, r.Rank, r.InfoHash, want[i])
		}
	}
}

func TestTheRanksAreThoseOfASortOfAllHashes(t *testing.T) {
	for name, pick := range map[string]func(r *rand.Rand, step int) int{
		"few hashes":                 func(r *rand.Rand, _ int) int { return r.IntN(50) },
		"as many as are ranked":      func(r *rand.Rand, _ int) int { return r.IntN(TopLen) },
		"many of equal demand":       func(r *rand.Rand, _ int) int { return r.IntN(5 * TopLen) },
		"many of Zipf-shaped demand": func(r *rand.Rand, _ int) int { return int(math.Pow(10*TopLen, r.Float64())) },
		"ever new ones":              func(r *rand.Rand, step int) int { return step/4 - r.IntN(step/8+1) },
	} {
		t.Run(name, func(t *testing.T) {
			l, r := New(), rand.New(rand.NewPCG(1, 1))
			now := start(l)
			for i := range 60_000 {
				now = now.Add(time.Duration(r.IntN(3)) * time.Millisecond)
				l.See(Kind(r.IntN(int(kinds))), hashOf(pick(r, i)), addrOf(i/2), 0, now)
				if i%3000 == 0 || i < 30 {
					expectRanks(t, l, []int{1, 10, TopLen, 5 * TopLen}[i%4], now)
				}
			}
			expectRanks(t, l, TopLen, now)
		})
	}
}

func TestOfEqualHashesTheFirstSeenRanksHigher(t *testing.T) {
	l := New()
	for i := range 5 {
		l.See(Requested, hashOf(i), addrOf(1), 0, start(l).Add(time.Duration(10-i)*time.Second))
	}
	for i, r := range l.Top(5, start(l)) {
		if r.InfoHash != hashOf(4-i) {
			t.Errorf("rank %d: %x", r.Rank, r.InfoHash)
		}
	}
	l.See(Sampled, hashOf(0), netip.AddrPort{}, 0, start(l))
	if top := l.Top(1, start(l)); top[0].InfoHash != hashOf(0) {
		t.Errorf("a sample does not break the tie: %x", top[0].InfoHash)
	}
	l.See(Announced, hashOf(2), addrOf(1), 0, start(l))
	if top := l.Top(1, start(l)); top[0].InfoHash != hashOf(2) {
		t.Errorf("an announce does not count for more than a sample: %x", top[0].InfoHash)
	}
	if rows := l.Top(0, start(l)); len(rows) != 0 {
		t.Errorf("the first 0 are %d", len(rows))
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

func TestChangesNeitherLoseNorDoubleWhateverFailsToBeStored(t *testing.T) {
	l, r := New(), rand.New(rand.NewPCG(2, 2))
	type counts struct{ requests, raw, announces, samples uint64 }
	stored := map[[20]byte]counts{}
	store := func(rows []HashRow) {
		for _, row := range rows {
			c := stored[row.InfoHash]
			stored[row.InfoHash] = counts{c.requests + row.Requests, c.raw + row.RawRequests, c.announces + row.Announces, c.samples + row.Samples}
		}
	}
	var pending [][]HashRow
	for range 20_000 {
		l.See(Kind(r.IntN(int(kinds))), hashOf(r.IntN(300)), addrOf(r.IntN(20)), 0, start(l))
		switch r.IntN(100) {
		case 0:
			store(l.Changes(start(l)))
		case 1, 2: // one that takes its time
			pending = append(pending, l.Changes(start(l)))
		case 3, 4:
			if len(pending) > 0 {
				i := r.IntN(len(pending))
				if r.IntN(2) == 0 {
					store(pending[i])
				} else {
					l.Unsaved(pending[i])
				}
				pending = slices.Delete(pending, i, i+1)
			}
		}
	}
	for _, rows := range pending {
		l.Unsaved(rows)
	}
	store(l.Changes(start(l)))
	if rows := l.Changes(start(l)); len(rows) != 0 {
		t.Errorf("%d more changes without a sighting", len(rows))
	}
	if len(stored) != 300 {
		t.Errorf("%d hashes stored", len(stored))
	}
	for hash, got := range stored {
		row := row(t, l, hash, start(l))
		if want := (counts{row.Requests, row.RawRequests, row.Announces, row.Samples}); got != want {
			t.Errorf("%x: stored %v, want %v", hash, got, want)
		}
	}
}

func TestAChangeCarriesTheWholeRowButItsCounts(t *testing.T) {
	l, hash, later := New(), hashOf(1), time.Now().Add(time.Minute)
	l.See(Requested, hash, addrOf(1), 0, start(l))
	l.Changes(start(l))
	l.See(Requested, hash, addrOf(2), 0, later)
	l.Name(hash, "a name")
	rows := l.Changes(later)
	want := row(t, l, hash, later)
	want.Requests, want.RawRequests = 1, 1
	if len(rows) != 1 || sizeOf(t, rows[0].Sketch) != 2 {
		t.Fatalf("got %+v, want a sketch of 2 sources", rows)
	}
	if rows[0].Sketch = ""; rows[0] != want {
		t.Errorf("got %+v, want %+v", rows, want)
	}
	l.Name(hash, "another")
	if rows := l.Changes(later); len(rows) != 1 || rows[0].Name != "another" || rows[0].Requests != 0 {
		t.Errorf("a new name alone: %+v", rows)
	}
}

func TestTheLedgerIsSafeForConcurrentUse(t *testing.T) {
	l := New()
	const writers, each = 4, 5000
	var users sync.WaitGroup
	var saved uint64
	for w := range writers {
		users.Go(func() {
			for i := range each {
				l.See(Requested, hashOf(i%2000), addrOf(i*w), 0, start(l))
			}
		})
	}
	users.Go(func() {
		for i := range 50 {
			rows := l.Changes(start(l))
			l.Top(100, start(l))
			l.Totals()
			l.Row(hashOf(i), start(l))
			l.Name(hashOf(i), "x")
			if i%3 == 0 {
				l.Unsaved(rows)
				continue
			}
			for _, r := range rows {
				saved += r.RawRequests
			}
		}
	})
	users.Wait()
	for _, r := range l.Changes(start(l)) {
		saved += r.RawRequests
	}
	if total := l.Totals(); total.RawRequests != writers*each || saved != writers*each {
		t.Errorf("%d counted and %d saved of %d", total.RawRequests, saved, writers*each)
	}
	expectRanks(t, l, TopLen, start(l))
}
