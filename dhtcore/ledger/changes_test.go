package ledger

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

func TestTheFirstChangesAreAllHashes(t *testing.T) {
	l := New()
	for i := range 1000 {
		for source := range i%3 + 1 {
			l.See(Requested, hashOf(i), addrOf(source), 0, start(l))
			l.See(Requested, hashOf(i), addrOf(source), 0, start(l))
		}
	}
	rows := l.Changes(start(l))
	l.See(Announced, hashOf(7), addrOf(1), 0, start(l))
	if len(rows) != 1000 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		if want := row(t, l, r.InfoHash, start(l)); r.Requests != want.Requests || r.Requests == 0 ||
			r.RawRequests != 2*r.Requests || r.Announces != 0 || r.Sketch == "" {
			t.Fatalf("%+v, want %d requests", r, want.Requests)
		}
	}
	if rows := l.Changes(start(l)); len(rows) != 1 || rows[0].Requests != 0 || rows[0].Announces != 1 {
		t.Errorf("then: %+v", rows)
	}
}

func TestAnEmptiedListOfChangesIsGivenBack(t *testing.T) {
	l := New()
	l.Changes(start(l))
	for i := range 2 * keptChunks * chunkLen {
		l.See(Sampled, hashOf(i), netip.AddrPort{}, 0, start(l))
	}
	if rows := l.Changes(start(l)); len(rows) != 2*keptChunks*chunkLen {
		t.Errorf("%d rows", len(rows))
	}
	for i := range l.changes.lists {
		if n := len(l.changes.lists[i].chunks); n > keptChunks {
			t.Errorf("list %d keeps %d chunks", i, n)
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
