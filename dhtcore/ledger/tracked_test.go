package ledger

import (
	"net/netip"
	"testing"
	"time"
)

func TestAnnouncesToOurTrackerAreAColumnOfTheirOwn(t *testing.T) {
	l := New()
	l.Changes(start(l))
	hash, other, now := hashOf(1), hashOf(2), start(l).Add(time.Minute)
	l.See(Requested, other, addrOf(1), 0, now)
	l.Track([]TrackedSum{{hash, 3}, {other, 2}}, now)
	l.Track([]TrackedSum{{hash, 4}}, now.Add(time.Second))
	r := row(t, l, hash, now)
	if r.Tracked != 7 || !r.OnlyTracked() || r.Requests+r.RawRequests+uint64(r.Sources+r.Peers) != 0 || !r.LastSeen.Equal(now.Add(time.Second)) {
		t.Errorf("%+v", r)
	}
	if r := row(t, l, other, now); r.Tracked != 2 || r.Requests != 1 || r.OnlyTracked() {
		t.Errorf("%+v", r)
	}
	if totals := l.Totals(); totals.Tracked != 9 || totals.Hashes != 2 || totals.Requests != 1 {
		t.Errorf("%+v", totals)
	}
	if top := l.TopBy(ByTracked, true, 9, now); len(top) != 2 || top[0].InfoHash != hash || ByTracked.Of(&top[0]) != 7 {
		t.Errorf("%+v", top)
	}
	rows := l.Changes(now)
	for range 2 { // the store does not take them the first time
		sums := map[[20]byte]uint64{}
		for _, r := range rows {
			sums[r.InfoHash] += r.Tracked
		}
		if len(sums) != 2 || sums[hash] != 7 || sums[other] != 2 {
			t.Fatalf("%v of %+v", sums, rows)
		}
		l.Unsaved(rows)
		rows = l.Changes(now)
	}
	if rows = l.Changes(now); len(rows) > 0 {
		t.Errorf("%+v", rows)
	}
}

func TestTheRankOfATrackedHashIsBehindAllThatTheNetworkAsksFor(t *testing.T) {
	l, now := New(), time.Now()
	l.Track([]TrackedSum{{hashOf(4), 1}, {hashOf(3), 1_000_000}}, now)
	l.See(Sampled, hashOf(5), netip.AddrPort{}, 0, now)
	l.See(Announced, hashOf(2), addrOf(1), 0, now)
	l.See(Requested, hashOf(1), addrOf(1), 0, now)
	for i, r := range l.Top(9, now) {
		if r.InfoHash != hashOf(i+1) || r.Rank != i+1 {
			t.Errorf("rank %d has %d announces to the tracker, %d requests", i+1, r.Tracked, r.Requests)
		}
	}
	if fresh := l.See(Requested, hashOf(4), addrOf(9), 0, now); !fresh {
		t.Error("what the network shows for the first time is not new, as the tracker knew it")
	}
	if fresh := l.See(Requested, hashOf(4), addrOf(8), 0, now); fresh {
		t.Error("new again")
	}
	if top := l.Top(1, now); top[0].InfoHash != hashOf(4) || top[0].OnlyTracked() {
		t.Errorf("%+v", top)
	}
}

func TestAFloodOfTrackedHashesPushesNothingElseOut(t *testing.T) {
	l, now := New(), time.Now()
	l.Limit(minLimit)
	l.Changes(now)
	for i := range minLimit - 100 {
		l.See(Sampled, hashOf(i), netip.AddrPort{}, 0, now)
	}
	for i := range 5 * minLimit {
		now = now.Add(time.Second)
		l.Track([]TrackedSum{{hashOf(minLimit + i), 1}}, now)
	}
	if totals := l.Totals(); totals.Kept > minLimit || totals.Tracked != 5*minLimit {
		t.Errorf("%+v", totals)
	}
	for i := range minLimit - 100 {
		if !l.Knows(hashOf(i)) {
			t.Fatalf("hash %d was evicted", i)
		}
	}
	tracked := len(l.TopBy(ByTracked, true, minLimit, now))
	tracked -= minLimit - 100
	if tracked == 0 || tracked > 100 {
		t.Errorf("%d tracked hashes are kept", tracked)
	}
	for i := range 2 * minLimit { // then what the network asks for takes their places
		l.See(Requested, hashOf(10*minLimit+i), addrOf(i), 0, now)
	}
	left := 0
	for _, r := range l.TopBy(ByTracked, true, minLimit, now) {
		if r.Tracked > 0 {
			left++
		}
	}
	if left > tracked/4 {
		t.Errorf("%d of %d tracked hashes are left", left, tracked)
	}
}

func TestARestoredTrackedHashIsOneStill(t *testing.T) {
	l, now := New(), time.Now()
	l.Restore(HashRow{InfoHash: hashOf(1), Tracked: 5, FirstSeen: now, LastSeen: now})
	l.Track([]TrackedSum{{hashOf(1), 2}}, now)
	l.Restore(HashRow{InfoHash: hashOf(1), Tracked: 5, FirstSeen: now, LastSeen: now}) // what came since is not saved yet
	if r := row(t, l, hashOf(1), now); r.Tracked != 7 || !r.OnlyTracked() {
		t.Errorf("%+v", r)
	}
	if !l.See(Sampled, hashOf(1), netip.AddrPort{}, 0, now) {
		t.Error("the network's first sight of it is not new")
	}
	l.Track([]TrackedSum{{hashOf(2), 1}}, now)
	l.Restore(HashRow{InfoHash: hashOf(2), Tracked: 1, Requests: 1, RawRequests: 1, FirstSeen: now, LastSeen: now})
	if l.See(Requested, hashOf(2), addrOf(1), 0, now) {
		t.Error("new, although the store has a request")
	}
}

func BenchmarkTrackAmongAMillionHashes(b *testing.B) {
	const hashes = 1_000_000
	l, now := New(), time.Now()
	l.Changes(now)
	sums := make([]TrackedSum, 1024)
	fill := func(from int) {
		for j := range sums {
			sums[j] = TrackedSum{hashOf((from + j) * 7919 % hashes), 5}
		}
		l.Track(sums, now)
	}
	for i := 0; i < hashes; i += len(sums) {
		fill(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i += len(sums) {
		fill(i)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(sums)), "ns/hash")
}
