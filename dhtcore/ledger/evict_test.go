package ledger

import (
	"math/rand/v2"
	"testing"
	"time"
)

// tally is an exact count of everything, for comparison.
type tally map[[20]byte]*HashRow

func (all tally) add(rows []HashRow) {
	for i := range rows {
		r := &rows[i]
		sum := all[r.InfoHash]
		if sum == nil {
			all[r.InfoHash] = &HashRow{InfoHash: r.InfoHash, Requests: r.Requests, RawRequests: r.RawRequests,
				Announces: r.Announces, Samples: r.Samples, FirstSeen: r.FirstSeen}
			continue
		}
		sum.Requests += r.Requests
		sum.RawRequests += r.RawRequests
		sum.Announces += r.Announces
		sum.Samples += r.Samples
		if r.FirstSeen.Before(sum.FirstSeen) {
			sum.FirstSeen = r.FirstSeen
		}
	}
}

func TestBeyondItsBudgetTheLedgerRanksTheTopAsIfItHadNone(t *testing.T) {
	const limit, hashes, sightings = 50_000 / halved, 1_000_000 / halved, 800_000 / halved
	l, all := New(), New()
	l.Limit(limit)
	l.Changes(start(l))
	r := rand.New(rand.NewPCG(3, 3))
	zipf := rand.NewZipf(r, 1.05, 20, hashes-1)
	stored := tally{}
	now := start(l)
	for i := range sightings {
		now = now.Add(5 * time.Millisecond)
		kind, hash := Kind(min(r.IntN(8), int(Sampled))), hashOf(int(zipf.Uint64()))
		kind = []Kind{Requested, Announced, Sampled}[kind]
		l.See(kind, hash, addrOf(i), 0, now)
		all.See(kind, hash, addrOf(i), 0, now)
		if i%(30_000/halved) == 0 {
			rows := l.Changes(now)
			if i%(90_000/halved) == 0 { // the store did not take them
				l.Unsaved(rows)
				continue
			}
			stored.add(rows)
		}
		if i%(sightings/4) == sightings/4-1 {
			want := all.Top(TopLen, now)
			for rank, row := range l.Top(TopLen, now) {
				if row.InfoHash != want[rank].InfoHash || row.Requests != want[rank].Requests {
					t.Fatalf("after %d sightings rank %d is %x with %d requests, want %x with %d", i+1, rank+1,
						row.InfoHash, row.Requests, want[rank].InfoHash, want[rank].Requests)
				}
			}
		}
	}
	stored.add(l.Changes(now))
	got, want := l.Totals(), all.Totals()
	if got.Kept != limit || want.Kept < 3*limit {
		t.Fatalf("%d hashes are kept of %d, want %d of many more", got.Kept, want.Kept, limit)
	}
	if off := float64(got.Hashes)/float64(want.Hashes) - 1; off < -0.03 || off > 0.03 {
		t.Errorf("%d distinct hashes, want %d", got.Hashes, want.Hashes)
	}
	if got.Lost != 0 || len(stored) != want.Kept {
		t.Errorf("%d lost, %d in the store of %d", got.Lost, len(stored), want.Kept)
	}
	for hash, sum := range stored {
		r := row(t, all, hash, now)
		if sum.Requests != r.Requests || sum.RawRequests != r.RawRequests || sum.Announces != r.Announces ||
			sum.Samples != r.Samples || sum.FirstSeen.Sub(r.FirstSeen).Abs() > 2*time.Millisecond {
			t.Fatalf("the store has %+v, want %+v", sum, r)
		}
	}
}

func TestWhatLeavesIsTheColdest(t *testing.T) {
	l := New()
	l.Limit(2 * minLimit)
	at := func(i int) time.Time { return start(l).Add(time.Duration(i) * 100 * time.Millisecond) }
	const wanted = 2000
	for i := range 20 * minLimit {
		l.See(Requested, hashOf(i+wanted), addrOf(i), 0, at(i))
		l.See(Requested, hashOf(i%wanted), addrOf(i), 0, at(i)) // seen again and again, half of them unranked
	}
	for i := range wanted {
		if r, known := l.Row(hashOf(i), at(0)); !known || r.Requests != 20*minLimit/wanted {
			t.Fatalf("hash %d: %+v", i, r)
		}
	}
	young, old := 0, 0
	for i := range minLimit {
		if l.Knows(hashOf(20*minLimit - 1 - i + wanted)) {
			young++
		}
		if l.Knows(hashOf(17*minLimit + i + wanted)) {
			old++
		}
	}
	if young < minLimit*9/10 || old > minLimit/10 {
		t.Errorf("%d young and %d old hashes of %d each are kept", young, old, minLimit)
	}
}

func TestARankedHashStaysHoweverLongAgoItWasSeen(t *testing.T) {
	l := New()
	l.Limit(minLimit)
	for i := range TopLen {
		l.See(Requested, hashOf(i), addrOf(1), 0, start(l))
		l.See(Requested, hashOf(i), addrOf(2), 0, start(l))
	}
	later := start(l).Add(1000 * time.Hour)
	for i := range 10 * minLimit {
		l.See(Requested, hashOf(TopLen+i), addrOf(1), 0, later)
	}
	for i, r := range l.Top(TopLen, later) {
		if r.Requests != 2 || !l.Knows(hashOf(i)) {
			t.Fatalf("rank %d: %+v", r.Rank, r)
		}
	}
}

func TestALowerLimitIsReachedAsNewHashesCome(t *testing.T) {
	l := New()
	for i := range 20_000 {
		l.See(Sampled, hashOf(i), addrOf(0), 0, start(l))
	}
	l.Limit(1) // the least
	for i := range 20_000 {
		l.See(Sampled, hashOf(20_000+i), addrOf(0), 0, start(l))
	}
	if got := l.Totals(); got.Kept != minLimit || l.accounts.n > 20_001 {
		t.Errorf("%+v, %d places", got, l.accounts.n)
	}
	l.Limit(0)
	for i := range 20_000 {
		l.See(Sampled, hashOf(50_000+i), addrOf(0), 0, start(l))
	}
	if got := l.Totals(); got.Kept != minLimit+20_000 {
		t.Errorf("without a limit: %+v", got)
	}
}

func TestWhatAnAccountTookIsUsedAgain(t *testing.T) {
	l := New()
	l.Limit(minLimit)
	l.Changes(start(l))
	now := start(l)
	var most int
	for round := range 6 {
		for i := range 3 * minLimit {
			now = now.Add(time.Millisecond)
			hash := hashOf(round*3*minLimit + i)
			for source := range 3 {
				l.See(Requested, hash, addrOf(source), 0, now)
				l.See(Announced, hash, addrOf(source), 0, now)
			}
			l.See(Requested, hash, addrOf(0), 0, now) // a repeat
			l.Name(hash, "a name")
			l.Swarm(hash, 1, 2)
		}
		l.Changes(now)
		if took := l.rates.n + int(l.sets.small.classes[1].n); round == 0 {
			most = took
		} else if took > most+most/4 {
			t.Errorf("round %d: %d rates and blocks, %d in the first", round, took, most)
		}
	}
	if l.accounts.n > minLimit+1 || len(l.names) > minLimit || len(l.repeated) > minLimit || len(l.swarms) > minLimit {
		t.Errorf("%d places, %d names, %d repeats, %d swarms for %d hashes", l.accounts.n, len(l.names), len(l.repeated), len(l.swarms), minLimit)
	}
	for i := range l.accounts.n {
		a := l.accounts.at(uint32(i))
		if r := row(t, l, a.hash, now); r.Requests != 3 || r.Sources != 3 || r.Peers != 3 || r.RawRequests != 4 || r.Name == "" || r.Seeds != 1 || r.Hour != 3 {
			t.Fatalf("%+v", r)
		}
	}
}

func TestIfTheStoreTakesNothingForLongLossesAreCounted(t *testing.T) {
	l := New()
	l.Limit(minLimit)
	l.Changes(start(l))
	const hashes = minLimit + maxEvicted + 1000
	for i := range hashes {
		l.See(Sampled, hashOf(i), addrOf(0), 0, start(l))
	}
	if got := l.Totals().Lost; got != 1000 {
		t.Errorf("%d are lost, want 1000", got)
	}
	if rows := l.Changes(start(l)); len(rows) != hashes-1000 {
		t.Errorf("%d rows, want %d", len(rows), hashes-1000)
	}
}
