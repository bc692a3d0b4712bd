package ledger

import (
	"encoding/binary"
	"net/netip"
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

// start returns when l was created.
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
