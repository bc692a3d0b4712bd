package ledger

import (
	"testing"
	"time"
)

func TestARestoredHashGoesOnFromWhereTheStoreIs(t *testing.T) {
	l, hash := New(), hashOf(1)
	now, before := start(l), start(l).Add(-1000*time.Hour)
	saved := HashRow{InfoHash: hash, Name: "a name", Requests: 100, RawRequests: 120, Announces: 30, Samples: 9, Sources: 40, Peers: 50,
		Seeds: 7, PeersEstimate: 8, FirstSeen: before, LastSeen: before.Add(time.Hour), Vantages: 2}
	l.See(Requested, hash, addrOf(1), 0, now)
	l.See(Requested, hash, addrOf(1), 0, now)
	rows := l.Changes(now) // into the store
	saved.Requests += rows[0].Requests
	saved.RawRequests += rows[0].RawRequests
	l.See(Announced, hash, addrOf(2), 0, now) // not yet
	l.Restore(saved)
	got := row(t, l, hash, now)
	want := saved
	want.Announces, want.LastSeen, want.Vantages = 31, now, 3
	want.Minutes, want.Hour, want.Rate, want.Trend = got.Minutes, got.Hour, got.Rate, got.Trend
	if want.FirstSeen = want.FirstSeen.Truncate(0); got.FirstSeen.Sub(want.FirstSeen).Abs() > time.Millisecond {
		t.Errorf("first seen %v, want %v", got.FirstSeen, want.FirstSeen)
	}
	if want.FirstSeen, want.LastSeen = got.FirstSeen, got.LastSeen; got != want || got.Minutes != 1 || got.LastSeen.Before(now.Add(-time.Millisecond)) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if rows := l.Changes(now); len(rows) != 1 || rows[0].Announces != 1 || rows[0].RawRequests != 0 {
		t.Errorf("what was restored is a change: %+v", rows)
	}
	l.Restore(saved) // again, and older than what is known
	if again := row(t, l, hash, now); again.Requests != got.Requests || again.Announces != got.Announces {
		t.Errorf("twice: %+v", again)
	}
}

func TestAStoresTopIsRestoredWithoutBecomingAChange(t *testing.T) {
	l := New()
	l.See(Requested, hashOf(9999), addrOf(1), 0, start(l))
	for i := range 500 {
		l.Restore(HashRow{InfoHash: hashOf(i), Requests: uint64(1000 - i), RawRequests: 2000})
	}
	for i, r := range l.Top(500, start(l)) {
		if r.InfoHash != hashOf(i) || r.RawRequests != 2000 || !r.FirstSeen.IsZero() || r.Minutes != 0 {
			t.Fatalf("%d: %+v", i, r)
		}
	}
	if rows := l.Changes(start(l)); len(rows) != 1 || rows[0].InfoHash != hashOf(9999) {
		t.Errorf("%d changes", len(rows))
	}
	if got := l.Totals(); got.Requests != 1 || got.Hashes != 501 {
		t.Errorf("what another run saw is not seen now: %+v", got)
	}
}

func TestAHashThatComesBackCountsOnInTheStore(t *testing.T) {
	l, hash := New(), hashOf(1<<20)
	l.Limit(minLimit)
	l.Changes(start(l))
	stored := tally{}
	now := start(l)
	for round := range 3 {
		for source := range 2 + round {
			l.See(Requested, hash, addrOf(source), 0, now)
		}
		for i := range 20 / shrunk * minLimit {
			now = now.Add(time.Second)
			l.See(Requested, hashOf(i), addrOf(i), 0, now)
			if i < 2*TopLen {
				l.See(Announced, hashOf(i), addrOf(i), 0, now) // these are the ranked ones
				l.See(Requested, hashOf(i), addrOf(i+1), 0, now)
				l.See(Requested, hashOf(i), addrOf(i+2), 0, now)
				l.See(Requested, hashOf(i), addrOf(i+3), 0, now)
				l.See(Requested, hashOf(i), addrOf(i+4), 0, now)
			}
		}
		if l.Knows(hash) {
			t.Fatalf("round %d: the hash is still there", round)
		}
		stored.add(l.Changes(now))
	}
	if got := stored[hash]; got.Requests != 9 {
		t.Errorf("the store has %d requests, want 9", got.Requests)
	}
	l.Restore(*stored[hash])
	if r := row(t, l, hash, now); r.Requests != 9 {
		t.Errorf("restored: %+v", r)
	}
}
