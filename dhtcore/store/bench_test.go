package store

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// BenchmarkSave is the flush of a busy second: 100,000 merged rows, first all new, then all known.
func BenchmarkSave(b *testing.B) {
	const size = 100_000
	rows := many(0, size)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range rows {
		for j := range rows[i].InfoHash {
			rows[i].InfoHash[j] = byte(random.Uint32())
		}
		rows[i].Requests = 1 + uint64(random.ExpFloat64())
	}
	random.Shuffle(size, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })

	save := func(b *testing.B, s *Store) {
		if err := s.Save(b.Context(), rows); err != nil {
			b.Fatal(err)
		}
	}
	fresh := func(b *testing.B) *Store {
		s, err := Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "x.sqlite"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		return s
	}
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			b.StopTimer()
			s := fresh(b)
			b.StartTimer()
			save(b, s)
		}
		b.ReportMetric(size*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		s := fresh(b)
		save(b, s)
		for b.Loop() {
			save(b, s)
		}
		b.ReportMetric(size*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkTop is the first screen of a store: 500 rows of 100,000.
func BenchmarkTop(b *testing.B) {
	s, err := Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "x.sqlite"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Save(b.Context(), many(0, 100_000)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if top, err := s.Top(b.Context(), 500); err != nil || len(top) != 500 {
			b.Fatal(len(top), err)
		}
	}
}
