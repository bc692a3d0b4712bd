package store

import (
	"errors"
	"testing"

	"dhtop/dhtcore/ledger"
)

// conformImport is conform for what others counted.
func conformImport(t *testing.T, place func(t *testing.T) (open func() Store)) {
	t.Run("what others counted adds up, once", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Name: "ours", Requests: 5, Sources: 3, FirstSeen: at(10), LastSeen: at(20)})
		v, w := Origin{1}, Origin{2}
		parts := []Part{
			{v, ledger.HashRow{InfoHash: key(1), Name: "theirs", Requests: 7, RawRequests: 8, Announces: 2, Sources: 6, Peers: 1, FirstSeen: at(2), LastSeen: at(4)}},
			{v, ledger.HashRow{InfoHash: key(2), Requests: 30, RawRequests: 30, Samples: 1}},
			{w, ledger.HashRow{InfoHash: key(1), Requests: 1, RawRequests: 1, Seeds: 9, LastSeen: at(30)}},
		}
		bring(t, s, 3, parts...)
		want := []ledger.HashRow{{Rank: 1, InfoHash: key(2), Requests: 30, Samples: 1},
			{Rank: 2, InfoHash: key(1), Name: "ours", Requests: 13, RawRequests: 14, Announces: 2, Sources: 6, Peers: 1, Seeds: 9, FirstSeen: at(2), LastSeen: at(30)}}
		wantTop(t, s, 0, want...)

		bring(t, s, 0, parts...) // again
		wantTop(t, s, 0, want...)

		parts[0].Requests, parts[0].RawRequests, parts[0].LastSeen = 9, 10, at(40) // a later export of the same store
		parts[1].Requests, parts[1].RawRequests = 20, 20                           // and an earlier one
		bring(t, s, 1, parts...)
		want[1].Requests, want[1].RawRequests, want[1].LastSeen, want[1].Name = 15, 16, at(40), "theirs"
		wantTop(t, s, 0, want...)

		save(t, s, ledger.HashRow{InfoHash: key(2), Requests: 100})
		want[0].Requests, want[0].RawRequests = 130, 130
		wantTop(t, s, 0, want...)
	})

	t.Run("its own export brings a store nothing new, and restores a lost count", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 5, FirstSeen: at(1), LastSeen: at(2)})
		bring(t, s, 0, Part{s.Origin(), ledger.HashRow{InfoHash: key(1), Requests: 4, RawRequests: 4, FirstSeen: at(1), LastSeen: at(2)}})
		bring(t, s, 1, Part{s.Origin(), ledger.HashRow{InfoHash: key(1), Requests: 6, RawRequests: 6, FirstSeen: at(1), LastSeen: at(2)}})
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Requests: 6, FirstSeen: at(1), LastSeen: at(2)})
	})

	t.Run("two stores that exchange what they know come to the same totals", func(t *testing.T) {
		a, b := place(t)(), place(t)()
		for i, s := range []Store{a, b} {
			for range 3 {
				save(t, s, ledger.HashRow{InfoHash: key(1), Requests: uint64(1 + 9*i)}, ledger.HashRow{InfoHash: key(2 + i), Requests: 2})
			}
		}
		for range 2 {
			bring(t, b, -1, partsOf(t, a)...)
			bring(t, a, -1, partsOf(t, b)...)
		}
		for _, s := range []Store{a, b} {
			wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Requests: 33}, ledger.HashRow{Rank: 2, InfoHash: key(2), Requests: 6},
				ledger.HashRow{Rank: 3, InfoHash: key(3), Requests: 6})
		}
	})

	t.Run("an import that fails halfway may be repeated", func(t *testing.T) {
		s := place(t)()
		broken := errors.New("broken")
		_, err := s.Import(t.Context(), func(yield func(Part, error) bool) {
			_ = yield(Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Requests: 1}}, nil) && yield(Part{}, broken)
		})
		if !errors.Is(err, broken) {
			t.Fatalf("Import = %v; want %v", err, broken)
		}
		bring(t, s, -1, Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Requests: 1}})
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Requests: 1})
	})
}
