package store

import (
	"context"
	"encoding/binary"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

// conform is what every kind of store must do. place returns what opens one store, empty at first, as
// often as it is called.
func conform(t *testing.T, place func(t *testing.T) (open func() *Store)) {
	t.Run("an empty store has an empty ranking", func(t *testing.T) {
		s := place(t)()
		wantTop(t, s, 0)
	})

	t.Run("counts add up, distinct counts keep the greater, times widen, a name stays", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.Row{InfoHash: key(1), Name: "first", Requests: 5, Announces: 1, Samples: 2, Sources: 4, Peers: 9, FirstSeen: at(10), LastSeen: at(20)})
		save(t, s, ledger.Row{InfoHash: key(1), Requests: 7, Announces: 1, Samples: 1, Sources: 3, Peers: 11, FirstSeen: at(5), LastSeen: at(15)})
		save(t, s, ledger.Row{InfoHash: key(1), Name: "second"})
		wantTop(t, s, 0, ledger.Row{Rank: 1, InfoHash: key(1), Name: "second", Requests: 12, Announces: 2, Samples: 3, Sources: 4, Peers: 11, FirstSeen: at(5), LastSeen: at(20)})
	})

	t.Run("one call may hold a hash twice and in any order, and leaves the caller's slice alone", func(t *testing.T) {
		s := place(t)()
		rows := []ledger.Row{{InfoHash: key(9), Requests: 1}, {InfoHash: key(2), Requests: 2}, {InfoHash: key(9), Requests: 3}}
		save(t, s, rows...)
		if rows[0].InfoHash != key(9) || rows[1].InfoHash != key(2) {
			t.Fatalf("Save reordered its argument: %v", rows)
		}
		wantTop(t, s, 0, ledger.Row{Rank: 1, InfoHash: key(9), Requests: 4}, ledger.Row{Rank: 2, InfoHash: key(2), Requests: 2})
	})

	t.Run("the ranking is by requests, then announces, then samples, then hash", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.Row{InfoHash: key(6), Samples: 1}, ledger.Row{InfoHash: key(5), Samples: 1},
			ledger.Row{InfoHash: key(4), Samples: 2}, ledger.Row{InfoHash: key(3), Announces: 1}, ledger.Row{InfoHash: key(2), Requests: 1},
			ledger.Row{InfoHash: key(1), Requests: 1, Announces: 1})
		wantOrder(t, s, 0, 1, 2, 3, 4, 5, 6)
		wantOrder(t, s, 2, 1, 2)
		if n, err := s.Count(t.Context()); n != 6 || err != nil {
			t.Fatalf("Count = %d, %v; want 6", n, err)
		}
	})

	t.Run("what was saved is there when the store is opened again", func(t *testing.T) {
		open := place(t)
		s := open()
		save(t, s, ledger.Row{InfoHash: key(1), Requests: 1, FirstSeen: at(1), LastSeen: at(2)})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantTop(t, open(), 0, ledger.Row{Rank: 1, InfoHash: key(1), Requests: 1, FirstSeen: at(1), LastSeen: at(2)})
	})

	t.Run("two writers' rows add up", func(t *testing.T) {
		open := place(t)
		a, b := open(), open()
		var both sync.WaitGroup
		for _, s := range []*Store{a, b} {
			both.Go(func() {
				for range 20 {
					if err := s.Save(context.WithoutCancel(t.Context()), many(0, 100)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		for r, err := range a.Rows(t.Context(), 0) {
			if want := 40 * uint64(r.InfoHash[3]); err != nil || r.Requests != want {
				t.Fatalf("%x has %d requests, %v; want %d", r.InfoHash, r.Requests, err, want)
			}
		}
	})

	t.Run("a reader sees whole saves while the writer is at work", func(t *testing.T) {
		s := place(t)()
		const saves, size = 30, 500
		var writer sync.WaitGroup
		writer.Go(func() {
			for i := range saves {
				if err := s.Save(context.WithoutCancel(t.Context()), many(i*size, size)); err != nil {
					t.Error(err)
				}
			}
		})
		for last := 0; last < saves*size && !t.Failed(); {
			n, err := s.Count(t.Context())
			if err != nil || n%size != 0 || n < last {
				t.Fatalf("Count = %d, %v after %d; want a growing multiple of %d", n, err, last, size)
			}
			last = n
		}
		writer.Wait()
	})

	t.Run("a save that is cancelled leaves nothing", func(t *testing.T) {
		s := place(t)()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Save(ctx, many(0, 10)); !errors.Is(err, context.Canceled) {
			t.Fatalf("Save = %v; want %v", err, context.Canceled)
		}
		wantTop(t, s, 0)
	})

	t.Run("reading may stop early", func(t *testing.T) {
		s := place(t)()
		save(t, s, many(0, 100)...)
		for range 3 * readers { // a leaked connection would block the next turn
			for range s.Rows(t.Context(), 0) {
				break
			}
		}
	})
}

func key(n int) (k [20]byte) {
	binary.BigEndian.PutUint32(k[:], uint32(n))
	return k
}

func at(second int64) time.Time { return time.Unix(1_700_000_000+second, 123e6).UTC() }

// many returns n rows from key first on; a key's requests are its last digit in base 256.
func many(first, n int) []ledger.Row {
	rows := make([]ledger.Row, n)
	for i := range rows {
		k := key(first + i)
		rows[i] = ledger.Row{InfoHash: k, Requests: uint64(k[3]), Sources: 1, FirstSeen: at(1), LastSeen: at(2)}
	}
	return rows
}

func save(t *testing.T, s *Store, rows ...ledger.Row) {
	t.Helper()
	if err := s.Save(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
}

func wantTop(t *testing.T, s *Store, limit int, want ...ledger.Row) {
	t.Helper()
	got, err := s.Top(t.Context(), limit)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("Top(%d) = %+v, %v\nwant %+v", limit, got, err, want)
	}
}

func wantOrder(t *testing.T, s *Store, limit int, want ...int) {
	t.Helper()
	top, err := s.Top(t.Context(), limit)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, r := range top {
		got = append(got, int(binary.BigEndian.Uint32(r.InfoHash[:])))
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("Top(%d) = %v; want %v", limit, got, want)
	}
}
