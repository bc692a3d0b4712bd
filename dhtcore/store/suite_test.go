package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

// conform tests what every kind of store must do. place returns a function that opens one store, empty at first,
// each time it is called.
func conform(t *testing.T, place func(t *testing.T) (open func() Store)) {
	t.Run("an empty store has an empty ranking", func(t *testing.T) {
		s := place(t)()
		wantTop(t, s, 0)
	})

	t.Run("counts add up, distinct counts keep the greater, times widen, a name stays", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Name: "first", Requests: 5, RawRequests: 6, Announces: 1, Samples: 2, Tracked: 7, Sources: 4, Peers: 9, FirstSeen: at(10), LastSeen: at(20)})
		save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 7, RawRequests: 9, Announces: 1, Samples: 1, Tracked: 1, Sources: 3, Peers: 11, FirstSeen: at(5), LastSeen: at(15)})
		save(t, s, ledger.HashRow{InfoHash: key(1), Name: "second"})
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Name: "second", Requests: 12, RawRequests: 15, Announces: 2, Samples: 3, Tracked: 8, Sources: 4, Peers: 11, FirstSeen: at(5), LastSeen: at(20)})
	})

	t.Run("one call may hold a hash twice and in any order, and leaves the caller's slice alone", func(t *testing.T) {
		s := place(t)()
		rows := []ledger.HashRow{{InfoHash: key(9), Requests: 1}, {InfoHash: key(2), Requests: 2}, {InfoHash: key(9), Requests: 3}}
		save(t, s, rows...)
		if rows[0].InfoHash != key(9) || rows[1].InfoHash != key(2) {
			t.Fatalf("Save reordered its argument: %v", rows)
		}
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(9), Requests: 4}, ledger.HashRow{Rank: 2, InfoHash: key(2), Requests: 2})
	})

	t.Run("the ranking is by requests, then announces, then announces to our tracker, then samples, then hash", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(8), Samples: 1}, ledger.HashRow{InfoHash: key(7), Samples: 1},
			ledger.HashRow{InfoHash: key(6), Samples: 2}, ledger.HashRow{InfoHash: key(5), Tracked: 1}, ledger.HashRow{InfoHash: key(4), Tracked: 1, Samples: 1}, ledger.HashRow{InfoHash: key(3), Announces: 1}, ledger.HashRow{InfoHash: key(2), Requests: 1},
			ledger.HashRow{InfoHash: key(1), Requests: 1, Announces: 1})
		wantOrder(t, s, 0, 1, 2, 3, 4, 5, 6, 7, 8)
		wantOrder(t, s, 2, 1, 2)
		if n, err := s.Count(t.Context()); n != 8 || err != nil {
			t.Fatalf("Count = %d, %v; want 8", n, err)
		}
	})

	t.Run("what was saved is there when the store is opened again", func(t *testing.T) {
		open := place(t)
		s := open()
		save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 1, FirstSeen: at(1), LastSeen: at(2)})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantTop(t, open(), 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Requests: 1, FirstSeen: at(1), LastSeen: at(2)})
	})

	t.Run("two writers' rows add up", func(t *testing.T) {
		open := place(t)
		a, b := open(), open()
		var both sync.WaitGroup
		for _, s := range []Store{a, b} {
			both.Go(func() {
				for range 20 {
					var err error
					for range 20 { // who waits in vain for the other saves again, as the Explorer does
						if err = s.Save(context.WithoutCancel(t.Context()), Batch{Hashes: many(0, 100)}); err == nil {
							break
						}
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		for r, err := range Rows(t.Context(), a, 0) {
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
				if err := s.Save(context.WithoutCancel(t.Context()), Batch{Hashes: many(i*size, size)}); err != nil {
					t.Error(err)
				}
				for end := time.Now().Add(20 * time.Second); s.Trouble() != nil; { // a server that has much to do is tried again
					if time.Now().After(end) {
						t.Error(s.Trouble())
						return
					}
					time.Sleep(100 * time.Millisecond)
					if err := s.Save(context.WithoutCancel(t.Context()), Batch{}); err != nil {
						t.Error(err)
					}
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
		if err := s.Save(ctx, Batch{Hashes: many(0, 10)}); !errors.Is(err, context.Canceled) {
			t.Fatalf("Save = %v; want %v", err, context.Canceled)
		}
		wantTop(t, s, 0)
	})

	t.Run("a sketch makes the sources of several runs a union", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 1, Sources: 300, Sketch: sketchOf(t, 0, 300)})
		save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 1, Sources: 300, Sketch: sketchOf(t, 200, 500)})
		save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 1, Sources: 300, Sketch: "no sketch"})
		top, err := Top(t.Context(), s, 1)
		if err != nil || len(top) != 1 || top[0].Requests != 3 || top[0].Sources < 485 || top[0].Sources > 515 {
			t.Fatalf("%+v, %v; want 3 requests of some 500 sources", top, err)
		}
	})

	t.Run("a hash that stands twice in a batch has the sources of both rows", func(t *testing.T) {
		for _, each := range []int{1, 100} {
			s := place(t)()
			row := func(n int) ledger.HashRow {
				return ledger.HashRow{InfoHash: key(1), Requests: 1, Sources: each, Sketch: sketchOf(t, n*each, (n+1)*each)}
			}
			save(t, s, row(0), ledger.HashRow{InfoHash: key(2), Requests: 9}, row(1))
			save(t, s, row(2))
			top, err := Top(t.Context(), s, 0)
			if err != nil || len(top) != 2 || top[1].Requests != 3 || top[1].Sources < 3*each*97/100 || top[1].Sources > 3*each*103/100 {
				t.Fatalf("%+v, %v; want 3 requests of %d sources", top, err, 3*each)
			}
		}
	})

	t.Run("the last BEP 33 estimate stays", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Seeds: 9, PeersEstimate: 3, LastSeen: at(1)})
		save(t, s, ledger.HashRow{InfoHash: key(1), Seeds: 4, LastSeen: at(2)})
		save(t, s, ledger.HashRow{InfoHash: key(1), LastSeen: at(3)})
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Seeds: 4, LastSeen: at(3)})
	})

	t.Run("maintenance is kept apart, has the last rank, and is none once the hash is real", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Maintenance: 1, Sources: 1, FirstSeen: at(1), LastSeen: at(1)},
			ledger.HashRow{InfoHash: key(2), Maintenance: 1}, ledger.HashRow{InfoHash: key(3), Samples: 1})
		save(t, s, ledger.HashRow{InfoHash: key(1), Maintenance: 2, Sources: 1, LastSeen: at(2)})
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(3), Samples: 1},
			ledger.HashRow{Rank: 2, InfoHash: key(1), Maintenance: 3, Sources: 1, FirstSeen: at(1), LastSeen: at(2)},
			ledger.HashRow{Rank: 3, InfoHash: key(2), Maintenance: 1})
		save(t, s, ledger.HashRow{InfoHash: key(2), Requests: 2}) // the earlier one is among them
		bring(t, s, 2, Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Maintenance: 4, Sources: 2}},
			Part{Origin{1}, ledger.HashRow{InfoHash: key(4), Maintenance: 5}})
		bring(t, s, 0, Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Maintenance: 4, Sources: 2}})
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(2), Requests: 2},
			ledger.HashRow{Rank: 2, InfoHash: key(3), Samples: 1},
			ledger.HashRow{Rank: 3, InfoHash: key(1), Maintenance: 7, Sources: 2, FirstSeen: at(1), LastSeen: at(2)},
			ledger.HashRow{Rank: 4, InfoHash: key(4), Maintenance: 5})
	})

	t.Run("announces to our tracker are merged as other counts are", func(t *testing.T) {
		s := place(t)()
		save(t, s, ledger.HashRow{InfoHash: key(1), Tracked: 5}, ledger.HashRow{InfoHash: key(2), Requests: 1})
		theirs := Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Tracked: 40}}
		bring(t, s, 1, theirs)
		bring(t, s, 0, theirs)
		bring(t, s, 1, Part{s.Origin(), ledger.HashRow{InfoHash: key(2), Requests: 1, RawRequests: 1, Tracked: 3}})
		theirs.Tracked = 41
		bring(t, s, 1, theirs)
		wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(2), Requests: 1, Tracked: 3}, ledger.HashRow{Rank: 2, InfoHash: key(1), Tracked: 46})
		wantOrder(t, s, 1, 2)
	})

	t.Run("reading may stop early", func(t *testing.T) {
		s := place(t)()
		save(t, s, many(0, 100)...)
		for range 3 * readers { // a leaked connection would block the next turn
			for range s.Entries(t.Context(), 0) { //nolint:errcheck // the errors are its values
				break
			}
		}
	})

	conformKept(t, place)
	conformImport(t, place)
}
