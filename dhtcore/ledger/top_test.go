package ledger

import (
	"cmp"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// sorted returns what Top should return, by sorting all accounts.
func sorted(l *Ledger) (hashes [][20]byte) {
	all := make([]*account, 0, l.accounts.n)
	for i := range l.accounts.n {
		if a := l.accounts.at(uint32(i)); !a.sizes.maintenance() {
			all = append(all, a)
		}
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
			return l.epoch.time(a.first).Compare(l.epoch.time(b.first))
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
		t.Fatalf("%d rows of %d requested and %d present", len(top), n, len(want))
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
			for i := range 60_000 / shrunk {
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
