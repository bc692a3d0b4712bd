package store

import (
	"encoding/binary"
	"iter"
	"reflect"
	"testing"
	"time"

	"github.com/axiomhq/hyperloglog"

	"dhtop/dhtcore/ledger"
)

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
