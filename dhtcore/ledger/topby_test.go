package ledger

import (
	"cmp"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// lived returns a ledger after two hours of all kinds of sightings, and the end of these hours.
func lived(hashes int) (l *Ledger, now time.Time) {
	l, r := New(), rand.New(rand.NewPCG(7, 7))
	now = start(l)
	zipf := rand.NewZipf(r, 1.1, 1, uint64(hashes-1))
	for range 20 * hashes {
		now = now.Add(2 * time.Hour / time.Duration(20*hashes))
		l.See(Kind(r.IntN(int(kinds))), hashOf(int(zipf.Uint64())), addrOf(r.IntN(hashes)), r.IntN(3), now)
	}
	for i := range hashes {
		if i%3 == 0 {
			l.Name(hashOf(i), fmt.Sprint("name ", i*7919%hashes))
		}
		if i%7 == 0 {
			l.Track([]TrackedSum{{hashOf(i), uint32(1 + i*13%101)}}, now.Add(-time.Duration(i)*time.Second))
		}
		if i%5 == 0 {
			l.Swarm(hashOf(i), i*31%97, i*17%89)
		}
	}
	return l, now
}

// exact compares rows by a column, from the rows alone.
var exact = map[Column]func(a, b *HashRow) int{
	ByRequests:      func(a, b *HashRow) int { return cmp.Compare(a.Requests, b.Requests) },
	ByRawRequests:   func(a, b *HashRow) int { return cmp.Compare(a.RawRequests, b.RawRequests) },
	ByAnnounces:     func(a, b *HashRow) int { return cmp.Compare(a.Announces, b.Announces) },
	BySamples:       func(a, b *HashRow) int { return cmp.Compare(a.Samples, b.Samples) },
	ByTracked:       func(a, b *HashRow) int { return cmp.Compare(a.Tracked, b.Tracked) },
	BySources:       func(a, b *HashRow) int { return cmp.Compare(a.Sources, b.Sources) },
	ByPeers:         func(a, b *HashRow) int { return cmp.Compare(a.Peers, b.Peers) },
	BySeeds:         func(a, b *HashRow) int { return cmp.Compare(a.Seeds, b.Seeds) },
	ByPeersEstimate: func(a, b *HashRow) int { return cmp.Compare(a.PeersEstimate, b.PeersEstimate) },
	ByRate:          func(a, b *HashRow) int { return cmp.Compare(a.Rate, b.Rate) },
	ByMinutes:       func(a, b *HashRow) int { return cmp.Compare(a.Minutes, b.Minutes) },
	ByHour:          func(a, b *HashRow) int { return cmp.Compare(a.Hour, b.Hour) },
	ByFirstSeen:     func(a, b *HashRow) int { return a.FirstSeen.Compare(b.FirstSeen) },
	ByLastSeen:      func(a, b *HashRow) int { return a.LastSeen.Compare(b.LastSeen) },
	ByVantages: func(a, b *HashRow) int {
		return cmp.Compare(bits.OnesCount16(a.Vantages), bits.OnesCount16(b.Vantages))
	},
	ByName:     func(a, b *HashRow) int { return cmp.Compare(a.Name, b.Name) },
	ByInfoHash: func(a, b *HashRow) int { return slices.Compare(a.InfoHash[:], b.InfoHash[:]) },
}

// rankOrder is that of equal values.
func rankOrder(a, b *HashRow) int {
	return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(b.Announces, a.Announces),
		cmp.Compare(b.Tracked, a.Tracked), cmp.Compare(b.Samples, a.Samples), a.FirstSeen.Compare(b.FirstSeen), slices.Compare(a.InfoHash[:], b.InfoHash[:]))
}

func TestTopByIsASortOfAllRowsByEachColumn(t *testing.T) {
	const hashes = 5000
	l, now := lived(hashes)
	var all []HashRow
	for i := range hashes {
		if r, known := l.Row(hashOf(i), now); known {
			all = append(all, r)
		}
	}
	for column := ByRequests; column <= ByInfoHash; column++ {
		for _, descending := range []bool{true, false} {
			order := func(a, b HashRow) int {
				if column == ByName && (a.Name == "") != (b.Name == "") {
					return cmp.Compare(len(b.Name), len(a.Name))
				}
				by := exact[column](&a, &b)
				if descending {
					by = -by
				}
				return cmp.Or(by, rankOrder(&a, &b))
			}
			want := slices.Clone(all)
			want = slices.DeleteFunc(want, func(r HashRow) bool {
				return r.OnlyMaintenance() || column == ByRate && r.Rate == 0 || column == ByMinutes && r.Minutes == 0 || column == ByHour && r.Hour == 0
			})
			slices.SortFunc(want, order)
			for _, n := range []int{0, 1, 500, 2 * hashes} {
				got := l.TopBy(column, descending, n, now)
				if len(got) != min(n, len(want)) {
					t.Fatalf("column %d: %d rows of %d requested and %d present", column, len(got), n, len(want))
				}
				for i, r := range got {
					if r.InfoHash != want[i].InfoHash || r.Rank != i+1 {
						t.Fatalf("column %d, descending %v: row %d is %+v, want %+v", column, descending, i, r, want[i])
					}
				}
			}
		}
	}
	if n := len(l.TopBy(ByMinutes, true, hashes, now)); n == 0 || n > len(all)/2 {
		t.Errorf("%d of %d hashes were requested in the last five minutes", n, len(all))
	}
}

func TestSightingsDoNotWaitForTopBy(t *testing.T) {
	l, now := lived(30_000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 5 {
			if rows := l.TopBy(ByLastSeen, true, 500, now); len(rows) != 500 {
				t.Errorf("%d rows", len(rows))
			}
		}
	}()
	for i := 0; ; i++ {
		select {
		case <-done:
			if i == 0 {
				t.Error("not one sighting passed")
			}
			return
		default:
			l.See(Requested, hashOf(i%40_000), addrOf(i), 0, now)
		}
	}
}

func BenchmarkTopBy(b *testing.B) {
	hashes := demand()
	l := New()
	for i := range 1_000_000 {
		l.See(Sampled, hashOf(i), addrOf(0), 0, start(l))
	}
	for i, hash := range hashes {
		l.See(Requested, hash, addrOf(i%100_000), 0, start(l))
	}
	for name, column := range map[string]Column{"sources": BySources, "minutes": ByMinutes, "seen": ByLastSeen, "name": ByName} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				l.TopBy(column, true, 500, start(l))
			}
		})
	}
}
