package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/axiomhq/hyperloglog"

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

	t.Run("peers add up, and those seen last come first", func(t *testing.T) {
		s := place(t)()
		a, b := netip.MustParseAddrPort("192.0.2.1:6881"), netip.MustParseAddrPort("[2001:db8::1]:7000")
		batch := Batch{Peers: []Peer{
			{InfoHash: key(1), Addr: b, Found: 2, FirstSeen: at(5), LastSeen: at(9)},
			{InfoHash: key(1), Addr: a, Announced: 1, FirstSeen: at(2), LastSeen: at(4)},
			{InfoHash: key(2), Addr: a, Announced: 1, FirstSeen: at(1), LastSeen: at(1)},
		}}
		for range 2 {
			if err := s.Save(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		want := []Peer{{InfoHash: key(1), Addr: b, Found: 4, FirstSeen: at(5), LastSeen: at(9)},
			{InfoHash: key(1), Addr: a, Announced: 2, FirstSeen: at(2), LastSeen: at(4)}}
		if got := gather(t, s.Peers(t.Context(), key(1), 0)); !reflect.DeepEqual(got, want) {
			t.Fatalf("Peers = %+v\nwant %+v", got, want)
		}
		if got := gather(t, s.Peers(t.Context(), key(1), 1)); len(got) != 1 || got[0].Addr != b {
			t.Fatalf("Peers(1) = %+v", got)
		}
	})

	t.Run("a node's later ID and client replace the earlier, by address", func(t *testing.T) {
		s := place(t)()
		addr := netip.MustParseAddrPort("192.0.2.1:6881")
		for _, n := range []Node{
			{ID: key(1), Addr: addr, Client: "LT 2.0", RTT: 40 * time.Millisecond, FirstSeen: at(1), LastSeen: at(2)},
			{ID: key(2), Addr: addr, RTT: 1500 * time.Microsecond, FirstSeen: at(3), LastSeen: at(4)},
		} {
			if err := s.Save(t.Context(), Batch{Nodes: []Node{n}}); err != nil {
				t.Fatal(err)
			}
		}
		want := []Node{{ID: key(2), Addr: addr, Client: "LT 2.0", RTT: 1500 * time.Microsecond, FirstSeen: at(1), LastSeen: at(4)}}
		if got := gather(t, s.Nodes(t.Context(), 0)); !reflect.DeepEqual(got, want) {
			t.Fatalf("Nodes = %+v\nwant %+v", got, want)
		}
	})

	t.Run("state is kept by key until it is removed", func(t *testing.T) {
		s := place(t)()
		for _, state := range []map[string][]byte{
			{"sweep/cursor": {1, 2}, "sweep/0a": {}, "swee": {9}, "swef": {9}},
			{"sweep/cursor": {3}},
			{"sweep/0b": {4}, "swef": nil, "none": nil},
		} {
			if err := s.Save(t.Context(), Batch{State: state}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.State(t.Context(), "sweep/")
		if want := map[string][]byte{"sweep/cursor": {3}, "sweep/0a": {}, "sweep/0b": {4}}; err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("State = %v, %v; want %v", got, err, want)
		}
	})

	t.Run("the watch list is kept with its alerts, until entries are removed", func(t *testing.T) {
		open := place(t)
		s := open()
		entry := WatchedEntry{Target: key(1), Label: "mine", Added: at(1), LastAlive: at(5), Seeds: 2, Leechers: 3, Peers: 4, Value: []byte(`{"a":1}`)}
		other := WatchedEntry{Target: key(2), Added: at(2), Value: []byte(`{}`)}
		alert := Alert{Seq: 7, Rule: "last_seed", Target: key(1), Name: "mine", Since: at(6), Fired: at(7), Text: "mine has lost its last seed."}
		node := Alert{Seq: 8, Rule: "network_gone", Since: at(8), Fired: at(9), Cleared: at(10), Text: "gone"}
		put := func(w Watched) {
			t.Helper()
			if err := s.Save(t.Context(), Batch{Watched: &w}); err != nil || s.Trouble() != nil {
				t.Fatal(err, s.Trouble())
			}
		}
		put(Watched{Entries: []WatchedEntry{other, entry}, Alerts: []Alert{alert, node}})
		entry.Label, entry.Seeds, alert.Cleared = "renamed", 9, at(20)
		put(Watched{Entries: []WatchedEntry{entry}, Alerts: []Alert{alert}, Removed: [][20]byte{key(2), key(3)}})
		want := Watched{Entries: []WatchedEntry{entry}, Alerts: []Alert{alert, node}}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open()
		if got, err := s.Watched(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, %v\nwant %+v", got, err, want)
		}
		var many Watched
		for i := range uint64(2 * keptAlerts) {
			many.Alerts = append(many.Alerts, Alert{Seq: 100 + i, Rule: "demand", Fired: at(30), Cleared: at(31)})
		}
		put(many)
		if got, err := s.Watched(t.Context()); err != nil || len(got.Alerts) != keptAlerts || got.Alerts[0].Seq != 100+keptAlerts {
			t.Fatalf("%d alerts are kept, %v; want the last %d", len(got.Alerts), err, keptAlerts)
		}
	})

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

	t.Run("reading may stop early", func(t *testing.T) {
		s := place(t)()
		save(t, s, many(0, 100)...)
		for range 3 * readers { // a leaked connection would block the next turn
			for range s.Entries(t.Context(), 0) { //nolint:errcheck // the errors are its values
				break
			}
		}
	})
}

// bring imports parts, of which changed must bring something new; -1 for any number.
func bring(t *testing.T, s Store, changed int, parts ...Part) {
	t.Helper()
	n, err := s.Import(t.Context(), func(yield func(Part, error) bool) {
		for _, p := range parts {
			if !yield(p, nil) {
				return
			}
		}
	})
	if err != nil || changed >= 0 && n != changed {
		t.Fatalf("Import = %d, %v; want %d", n, err, changed)
	}
}

// partsOf returns all parts of s, as an export would.
func partsOf(t *testing.T, s Store) (all []Part) {
	t.Helper()
	for e, err := range s.Entries(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Parts...)
	}
	return all
}

func gather[T any](t *testing.T, all iter.Seq2[T, error]) (list []T) {
	t.Helper()
	for v, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// sketchOf returns the sketch of the sources first to end-1.
func sketchOf(t *testing.T, first, end int) string {
	t.Helper()
	s := hyperloglog.New14()
	for i := first; i < end; i++ {
		s.Insert(binary.BigEndian.AppendUint64(nil, uint64(i)))
	}
	b, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func key(n int) (k [20]byte) {
	binary.BigEndian.PutUint32(k[:], uint32(n))
	return k
}

func at(second int64) time.Time { return time.Unix(1_700_000_000+second, 123e6).UTC() }

// many returns n rows from key first on; the requests of a key are its number modulo 256.
func many(first, n int) []ledger.HashRow {
	rows := make([]ledger.HashRow, n)
	for i := range rows {
		k := key(first + i)
		rows[i] = ledger.HashRow{InfoHash: k, Requests: uint64(k[3]), Sources: 1, FirstSeen: at(1), LastSeen: at(2)}
	}
	return rows
}

func save(t *testing.T, s Store, rows ...ledger.HashRow) {
	t.Helper()
	if err := s.Save(t.Context(), Batch{Hashes: rows}); err != nil {
		t.Fatal(err)
	}
}

func wantTop(t *testing.T, s Store, limit int, want ...ledger.HashRow) {
	t.Helper()
	for i := range want { // most tests are not about repeats
		want[i].RawRequests = max(want[i].RawRequests, want[i].Requests)
	}
	got, err := Top(t.Context(), s, limit)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("Top(%d) = %+v, %v\nwant %+v", limit, got, err, want)
	}
}

func wantOrder(t *testing.T, s Store, limit int, want ...int) {
	t.Helper()
	top, err := Top(t.Context(), s, limit)
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
