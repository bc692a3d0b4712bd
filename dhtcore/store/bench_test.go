package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"dhtop/dhtcore/ledger"
)

// randomRows returns rows of random keys, in random order, most of which were seen once.
func randomRows(n int) []ledger.HashRow {
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]ledger.HashRow, n)
	for i := range rows {
		for j := range rows[i].InfoHash {
			rows[i].InfoHash[j] = byte(random.Uint32())
		}
		rows[i] = ledger.HashRow{InfoHash: rows[i].InfoHash, Requests: 1 + uint64(random.ExpFloat64()), Sources: 1, FirstSeen: at(int64(i)), LastSeen: at(int64(i))}
	}
	return rows
}

func openBench(b *testing.B, path string) Store {
	b.Helper()
	s, err := Open(b.Context(), Config{URL: "sqlite:" + path})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkSave is the save of a busy second: 100,000 merged rows, first all new, then all known.
func BenchmarkSave(b *testing.B) {
	const size = 100_000
	rows := randomRows(size)
	save := func(b *testing.B, s Store) {
		if err := s.Save(b.Context(), Batch{Hashes: rows}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			b.StopTimer()
			s := openBench(b, filepath.Join(b.TempDir(), "x.sqlite"))
			b.StartTimer()
			save(b, s)
		}
		b.ReportMetric(size*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		s := openBench(b, filepath.Join(b.TempDir(), "x.sqlite"))
		save(b, s)
		for b.Loop() {
			save(b, s)
		}
		b.ReportMetric(size*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkSaveZipf is a busy second of realistic demand: 100,000 sightings, merged before they are saved.
func BenchmarkSaveZipf(b *testing.B) {
	const sightings = 100_000
	zipf := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 1, 1_000_000)
	keys := randomRows(1_000_001)
	s := openBench(b, filepath.Join(b.TempDir(), "x.sqlite"))
	for b.Loop() {
		merged := map[uint64]int{}
		var rows []ledger.HashRow
		for range sightings {
			k := zipf.Uint64()
			i, known := merged[k]
			if !known {
				i = len(rows)
				merged[k] = i
				rows = append(rows, keys[k])
				rows[i].Requests = 0
			}
			rows[i].Requests++
		}
		if err := s.Save(b.Context(), Batch{Hashes: rows}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(sightings*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkOpenAndTop is the first screen of a store of 100,000 hashes, or of DHTOP_HASHES.
func BenchmarkOpenAndTop(b *testing.B) {
	path := filled(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		s, err := Open(b.Context(), Config{URL: "sqlite:" + path})
		if err != nil {
			b.Fatal(err)
		}
		if top, err := Top(b.Context(), s, 500); err != nil || len(top) != 500 {
			b.Fatal(len(top), err)
		}
		s.Close()
	}
}

// BenchmarkEntries reads the whole ranking of 100,000 hashes, or of DHTOP_HASHES, as an export does. "MB" is the
// growth of the memory in use.
func BenchmarkEntries(b *testing.B) {
	s := openBench(b, filled(b, 100_000))
	n, before, most := 0, inUse(), uint64(0)
	for b.Loop() {
		n = 0
		for _, err := range s.Entries(b.Context(), 0) {
			if err != nil {
				b.Fatal(err)
			}
			if n++; n%50_000 == 0 {
				most = max(most, inUse())
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(most-min(before, most))/1e6, "MB")
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}

// filled returns a store of n hashes. One of DHTOP_HASHES is created once, in the file that DHTOP_STORE names.
func filled(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "x.sqlite")
	if many, err := strconv.Atoi(os.Getenv("DHTOP_HASHES")); err == nil {
		n = many
	}
	if kept := os.Getenv("DHTOP_STORE"); kept != "" {
		path = kept
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	s := openBench(b, path)
	defer s.Close()
	// In the order of the keys, and without the index at first, as filling is not measured.
	p := s.(*SQLite).pools.Load()
	var index string
	if err := p.read.QueryRow("SELECT sql FROM sqlite_schema WHERE name = 'hashes_by_rank'").Scan(&index); err != nil {
		b.Fatal(err)
	}
	fill := fmt.Sprintf(`WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < %d)
		INSERT INTO hashes (info_hash, requests, sources, first_seen, last_seen)
		SELECT unhex(printf('%%010x', n * 104729)) || randomblob(15), CASE WHEN n %% 10 = 0 THEN abs(random()) %% 5000 ELSE 1 END, 1, %d + n, %d + n FROM i`,
		n-1, at(0).UnixMilli(), at(9).UnixMilli())
	for _, query := range []string{"DROP INDEX hashes_by_rank", fill, index, "PRAGMA wal_checkpoint(truncate)"} {
		if _, err := p.write.ExecContext(context.Background(), query); err != nil {
			b.Fatal(err)
		}
	}
	return path
}
