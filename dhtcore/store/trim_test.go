package store

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

// made returns hashes that were requested once each, under random keys that start with mark.
func made(mark byte, n int, unproven bool, seen time.Time) []ledger.HashRow {
	rows := make([]ledger.HashRow, n)
	random := rand.New(rand.NewPCG(uint64(mark), uint64(seen.UnixNano())))
	for i := range rows {
		rows[i] = ledger.HashRow{Requests: 1, RawRequests: 1, Sources: 1, FirstSeen: seen, LastSeen: seen, Unproven: unproven}
		binary.BigEndian.PutUint64(rows[i].InfoHash[:], random.Uint64())
		binary.BigEndian.PutUint64(rows[i].InfoHash[8:], random.Uint64())
		rows[i].InfoHash[19] = mark
	}
	return rows
}

// ranked returns as many hashes as Trim always leaves.
func ranked() []ledger.HashRow {
	rows := made('r', ledger.TopLen, true, at(0))
	for i := range rows {
		rows[i].Requests, rows[i].RawRequests = 9, 9
	}
	return rows
}

// countOf returns how many hashes have a mark.
func countOf(t *testing.T, s Store, mark byte) (n int) {
	t.Helper()
	for r, err := range Rows(t.Context(), s, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if r.InfoHash[19] == mark {
			n++
		}
	}
	return n
}

// imported yields rows as the counts of another origin.
func imported(rows []ledger.HashRow) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		for _, r := range rows {
			if !yield(Part{NamedOrigin("another"), r}, nil) {
				return
			}
		}
	}
}

// trim trims s until it is done, however slow the machine.
func trim(t *testing.T, s Store, k Keep, now time.Time) Trimmed {
	t.Helper()
	switch s := s.(type) {
	case *SQLite:
		s.trimFor = time.Hour
	case *Postgres:
		s.spool.trimFor = time.Hour
	}
	done, err := s.Trim(t.Context(), k, now)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestAFloodOfMadeUpHashesPushesNothingElseOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	save(t, s, ranked()...)
	save(t, s, made('p', 3000, false, at(0))...)
	if _, err := s.Import(t.Context(), imported(made('i', 3000, false, at(0)))); err != nil {
		t.Fatal(err)
	}
	keep := Keep{Bytes: 3e6}
	deleted := 0
	for i := range 10 {
		flood := made('f', 10_000, true, at(int64(10*i)))
		for j := range flood {
			switch r := &flood[j]; i % 3 {
			case 0: // maintenance is no better, by whomever
				r.Requests, r.RawRequests, r.Maintenance, r.Unproven = 0, 0, 1, false
			case 1: // nor is what only our tracker knows
				r.Requests, r.RawRequests, r.Sources, r.Tracked, r.Unproven = 0, 0, 0, 100, false
			}
		}
		save(t, s, flood...)
		deleted += trim(t, s, keep, at(int64(10*i))).Hashes
	}
	for mark, want := range map[byte]int{'r': ledger.TopLen, 'p': 3000, 'i': 3000} {
		if n := countOf(t, s, mark); n != want {
			t.Errorf("%d of %d hashes of kind %c are left", n, want, mark)
		}
	}
	if deleted < 75_000 {
		t.Errorf("%d hashes were deleted", deleted)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 3*keep.Bytes/2 {
		t.Errorf("the file has %d bytes, %v; want about %d", info.Size(), err, keep.Bytes)
	}
}

func TestWithoutAFloodTheColdestGo(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ranked()...)
	const day = 24 * 60 * 60
	keep := Keep{Bytes: 2e6}
	for i := range 10 {
		save(t, s, made('a', 5000, false, at(int64(i*day)))...)
		warm := made('w', 100, false, at(int64(i*day)))
		for j := range warm {
			warm[j].Requests, warm[j].RawRequests = 5, 5
		}
		save(t, s, warm...)
		trim(t, s, keep, at(int64(i*day)))
	}
	done := trim(t, s, keep, at(10*day))
	all, warm := countOf(t, s, 'a'), countOf(t, s, 'w')
	if done.Bytes > keep.Bytes || done.Bytes < keep.Bytes/3 {
		t.Errorf("%d bytes are in use, want at most %d and not much less", done.Bytes, keep.Bytes)
	}
	if n := countOf(t, s, 'r'); n != ledger.TopLen {
		t.Errorf("%d of the first ranks are left", n)
	}
	if float64(warm)/1000 < 1.5*float64(all)/50_000 {
		t.Errorf("%d warm hashes of 1,000 are left, and %d others of 50,000", warm, all)
	}
}

func TestWhatWasSeenTooLongAgoGoes(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ranked()...)
	save(t, s, made('o', 9000, false, at(0))...)
	save(t, s, made('y', 9000, false, at(3600))...)
	peer := Peer{InfoHash: made('o', 1, false, at(0))[0].InfoHash, Addr: netip.MustParseAddrPort("192.0.2.1:6881"), Announced: 1, LastSeen: at(0)}
	if err := s.Save(t.Context(), Batch{Peers: []Peer{peer}}); err != nil {
		t.Fatal(err)
	}
	deleted := 0
	for range 10 { // a range each
		deleted += trim(t, s, Keep{Age: time.Hour}, at(3700)).Hashes
	}
	if n := countOf(t, s, 'o'); n != 0 || deleted != 9000 {
		t.Errorf("%d old hashes are left, %d went", n, deleted)
	}
	if n := countOf(t, s, 'y') + countOf(t, s, 'r'); n != 9000+ledger.TopLen {
		t.Errorf("%d young and ranked hashes are left", n)
	}
	for p, err := range s.Peers(t.Context(), peer.InfoHash, 0) {
		t.Errorf("%v, %v is left", p, err)
	}
}

func TestTrimDeletesOnlyOwnRowsOfTheServer(t *testing.T) {
	url := postgres(t).database(t)
	pg, other := crawler(t, url), crawler(t, url)
	save(t, pg, ranked()...)
	shared := made('f', 10_000, true, at(0))
	save(t, pg, shared...)
	save(t, other, shared...)
	save(t, other, made('o', 1000, true, at(0))...)
	catchUp(t, pg)
	catchUp(t, other)
	for range 100 { // each takes a second at most, which may be short on a busy machine
		if trim(t, pg, Keep{Bytes: 4096}, at(10)); len(pg.thinned) == 0 {
			break
		}
	}
	want := map[Origin]int{pg.Origin(): ledger.TopLen, other.Origin(): 11_000}
	for origin, n := range want {
		var got int
		if err := pg.pool.QueryRow(t.Context(), "SELECT count(*) FROM hashes WHERE vantage = $1", origin[:]).Scan(&got); err != nil || got != n {
			t.Errorf("the server has %d rows of %v, %v; want %d", got, origin, err, n)
		}
	}
	calm(t, pg)
}

func TestTrimEndsWhenOnlyWhatHasToStayIsLeft(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ranked()...)
	if done := trim(t, s, Keep{Bytes: 1}, at(0)); done.Hashes != 0 || done.Bytes <= 1 {
		t.Errorf("%d hashes were deleted, %d bytes are in use", done.Hashes, done.Bytes)
	}
}
