package dhtcore

import (
	"database/sql"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/watch"
)

// keeper syncs a ledger of its own with a store, whenever the test flushes.
func keeper(t *testing.T, url string) *storeSync {
	t.Helper()
	none := func(time.Time) []store.Node { return nil }
	s := newStoreSync(&Config{Store: url}, ledger.New(), none, newNotices(journal.New(journal.DefaultSize)))
	s.watches = &watchList{list: watch.New(1), changed: func() {}}
	t.Cleanup(func() { s.close() }) //nolint:errcheck // what is wrong is in the test
	return s
}

var somebody = netip.MustParseAddrPort("192.0.2.1:6881")

func (s *storeSync) sightings(n int) {
	for i := range n {
		s.ledger.See(ledger.Sampled, ID{byte(i)}, somebody, 0, time.Now())
	}
}

// again flushes without the pause before a store that failed to open is tried again.
func (s *storeSync) again(t *testing.T) error {
	t.Helper()
	s.retry = time.Time{}
	return s.flush(t.Context())
}

// samplesIn returns the sum of the samples in the store.
func samplesIn(t *testing.T, url string) (n int) {
	t.Helper()
	for h, err := range Stored(t.Context(), Config{Store: url}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		n += int(h.Samples)
	}
	return n
}

func wantNotice(t *testing.T, n *notices, about topic, says string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if got := n.texts[about]; (got == "") != (says == "") || !strings.Contains(got, says) {
		t.Errorf("the notice is %q; want %q", got, says)
	}
}

func TestAStoreThatCannotBeOpenedNowIsOpenedLater(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.sqlite")
	lock := func(t *testing.T) (release func()) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		if _, err := db.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
			t.Fatal(err)
		}
		return func() { db.Close() }
	}
	for _, c := range []struct {
		name, says string
		hinder     func(t *testing.T) (release func())
	}{
		{"locked by another program", "another program is using it: close that program", lock},
		{"a newer schema", "update dhtop", func(t *testing.T) func() {
			version := 0
			execute(t, path, "", func(db *sql.DB) error { return db.QueryRow("PRAGMA user_version").Scan(&version) })
			execute(t, path, "PRAGMA user_version = 99", nil)
			return func() { execute(t, path, fmt.Sprintf("PRAGMA user_version = %d", version), nil) }
		}},
		{"no directory", "cannot create the directory", func(t *testing.T) func() {
			for _, suffix := range []string{"", "-wal", "-shm"} {
				os.Rename(path+suffix, path+".away"+suffix) //nolint:errcheck // not all are there
			}
			os.Remove(dir)
			if err := os.WriteFile(dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return func() { os.Remove(dir); os.Mkdir(dir, 0o700) } //nolint:errcheck // what is wrong shows below
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := 0
			if c.name != "no directory" {
				seed := keeper(t, "sqlite:"+path)
				seed.sightings(5)
				if err := seed.close(); err != nil {
					t.Fatal(err)
				}
				before = samplesIn(t, "sqlite:"+path)
			} else {
				dir = filepath.Join(t.TempDir(), "data")
				path = filepath.Join(dir, "x.sqlite")
			}
			release := c.hinder(t)
			s := keeper(t, "sqlite:"+path)
			if err := s.open(); err != nil {
				t.Fatalf("open = %v; want it to go on without", err)
			}
			s.sightings(10)
			if err := s.again(t); err == nil {
				t.Error("a flush succeeded")
			}
			wantNotice(t, s.notices, aboutStore, c.says)
			release()
			s.sightings(10)
			if err := s.again(t); err != nil {
				t.Fatal(err)
			}
			wantNotice(t, s.notices, aboutStore, "")
			if n := samplesIn(t, "sqlite:"+path); n != before+20 {
				t.Fatalf("%d samples are stored; want %d and 20", n, before)
			}
		})
	}
}

func execute(t *testing.T, path, script string, do func(*sql.DB) error) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if do == nil {
		do = func(db *sql.DB) error { _, err := db.Exec(script); return err }
	}
	if err := do(db); err != nil {
		t.Fatal(err)
	}
}

func TestAURLThatNamesNoStoreEndsTheStart(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"mysql://x", "sqlite:", "sqlite:" + dir, "sqlite:" + text, "postgres://host:port:port/x"} {
		s := keeper(t, url)
		if err := s.open(); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", url, err)
		}
		s.config.URL = "none"
	}
}

func TestAStoreThatIsDamagedWhileOpenIsSetAsideAndCountingGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, "sqlite:"+path)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.sightings(200)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	// What is in the log is right whatever happens to the file, so it goes into the file first; the
	// pages that the writer has in its cache are read again, as the file is seen to have changed.
	execute(t, path, "PRAGMA wal_checkpoint(truncate)", nil)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(strings.Repeat("\xaa", int(info.Size())-4096)), 4096); err != nil {
		t.Fatal(err)
	}
	execute(t, path, "PRAGMA user_version = 2", nil)

	s.sightings(200)
	if err := s.flush(t.Context()); err == nil {
		t.Fatal("a flush into a damaged file succeeded")
	}
	wantNotice(t, s.notices, aboutStore, "it is damaged")
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNotice(t, s.notices, aboutStore, "")
	if n := samplesIn(t, "sqlite:"+path); n != 200 {
		t.Fatalf("%d samples are stored; want the 200 that the damaged file had not taken", n)
	}
	if aside, err := filepath.Glob(path + ".corrupt-*"); err != nil || len(aside) == 0 {
		t.Fatalf("the damaged file is not set aside: %v", err)
	}
}

func TestTheRankingShowsWhatTheStoreKnows(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	first := keeper(t, url)
	for i := range 5 {
		first.ledger.See(ledger.Requested, ID{7}, netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 1), 0, time.Now())
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Import(t.Context(), Config{Store: url}, func(yield func(StorePart, error) bool) {
		yield(StorePart{Origin: NamedOrigin("a friend"), HashRow: ledger.HashRow{InfoHash: ID{7}, Requests: 100}}, nil)
	}); err != nil {
		t.Fatal(err)
	}
	s := keeper(t, url)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	if top := s.ledger.Top(1, time.Now()); len(top) != 0 {
		t.Fatalf("%+v is shown unasked", top)
	}
	s = keeper(t, url)
	s.recall = true
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.ledger.See(ledger.Requested, ID{7}, somebody, 0, time.Now())
	if top := s.ledger.Top(1, time.Now()); len(top) != 1 || top[0].Requests != 106 {
		t.Fatalf("%+v; want 106 requests", top)
	}
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for h, err := range Stored(t.Context(), Config{Store: url}, 1) {
		if err != nil || h.Requests != 106 {
			t.Fatalf("%d requests are stored, %v; want 106", h.Requests, err)
		}
	}
}
