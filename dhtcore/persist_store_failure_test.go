package dhtcore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

func TestAStoreThatANewerOneReplacesForAWhileIsUsedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, "sqlite:"+path)
	s.sightings(5)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	move := func(from, to string) {
		t.Helper()
		os.Remove(from + "-shm")
		if err := errors.Join(os.Rename(from, to), os.Rename(from+"-wal", to+"-wal")); err != nil {
			t.Fatal(err)
		}
	}
	move(path, path+".good")
	execute(t, path, "PRAGMA application_id = 1684567152; PRAGMA user_version = 99; CREATE TABLE x (y)", nil)
	s.sightings(5)
	for range 2 {
		if err := s.flush(t.Context()); err == nil {
			t.Fatal("a flush into a newer store succeeded")
		}
	}
	wantNotice(t, s.notices, aboutStore, "update dhtop")
	os.Remove(path)
	move(path+".good", path)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNotice(t, s.notices, aboutStore, "")
	if n := samplesIn(t, "sqlite:"+path); n != 10 {
		t.Fatalf("%d samples are stored, want 10", n)
	}
}

func TestAStoreThatWasClosedIsOpenedAgain(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, url)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.store.Close()
	s.sightings(5)
	if err := s.flush(t.Context()); !errors.Is(err, sql.ErrConnDone) {
		t.Fatalf("flush = %v; want %v", err, sql.ErrConnDone)
	}
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := samplesIn(t, url); n != 5 {
		t.Fatalf("%d samples are stored, want 5", n)
	}
}

func TestAStoreThatNeverOpenedTellsWhatItLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	e, err := Open(Config{Store: "sqlite:" + path, MaxHashes: 4000, Demo: &Demo{Nodes: 8}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	const n = 90_000 // more than wait
	for i := range n {
		e.ledger.See(ledger.Sampled, ID{byte(i), byte(i >> 8), byte(i >> 16)}, somebody, 0, time.Now())
	}
	if err := e.store.again(t); err == nil {
		t.Fatal("a flush into a locked store succeeded")
	}
	lost := e.ledger.Totals().Lost
	if lost == 0 {
		t.Fatal("nothing was lost")
	}
	wantNotice(t, e.notices, aboutStore, "; dropped ")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := e.store.again(t); err != nil {
		t.Fatal(err)
	}
	if stored := samplesIn(t, "sqlite:"+path); stored+lost != n {
		t.Fatalf("%d samples are stored and %d lost, of %d", stored, lost, n)
	}
}

func TestADamagedHeaderNeverKeepsDhtopFromStarting(t *testing.T) {
	for name, c := range map[string]struct {
		damage []byte
		own    bool
	}{
		"zeros, any path": {make([]byte, 512), false},
		"other text, the path in the data directory": {bytes.Repeat([]byte("x"), 512), true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.sqlite")
			if c.own {
				path = filepath.Join(dir, spoolFile)
			}
			seed := keeper(t, "sqlite:"+path)
			seed.sightings(200)
			if err := seed.close(); err != nil {
				t.Fatal(err)
			}
			file, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := file.WriteAt(c.damage, 0); err != nil {
				t.Fatal(err)
			}
			file.Close()
			s := keeper(t, "sqlite:"+path)
			s.config = storeConfig(&Config{Store: s.config.URL, DataDir: dir})
			if err := s.open(); err != nil {
				t.Fatal(err)
			}
			wantNotice(t, s.notices, aboutStore, "")
			if aside, err := filepath.Glob(path + ".corrupt-*"); err != nil || len(aside) != 1 {
				t.Fatalf("set aside: %v, %v", aside, err)
			}
		})
	}
}

// silentStore is a store whose reads take until they are given up.
type silentStore struct{ store.Store }

func (s silentStore) Entries(ctx context.Context, _ int) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		<-ctx.Done()
		yield(store.Entry{}, ctx.Err())
	}
}

func TestAStoreThatDoesNotAnswerKeepsNothingFromBeingSaved(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, url)
	s.recall = true
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.store = silentStore{s.store}
	s.refreshed = time.Time{}
	s.sightings(5)
	start := time.Now()
	if err := s.flush(t.Context()); err != nil || time.Since(start) > refreshTime+5*time.Second {
		t.Fatalf("flush = %v after %v", err, time.Since(start))
	}
	wantNotice(t, s.notices, aboutRanking, "Ranking by the counts of this run alone")
	if err := s.flush(t.Context()); err != nil { // which has nothing to save
		t.Fatal(err)
	}
	wantNotice(t, s.notices, aboutRanking, "Ranking by the counts of this run alone")
	s.refreshed = time.Time{} // to be shown again: not on the way out
	s.sightings(5)
	start = time.Now()
	if err := s.close(); err != nil || time.Since(start) > refreshTime/2 {
		t.Fatalf("close = %v after %v", err, time.Since(start))
	}
	if n := samplesIn(t, url); n != 10 {
		t.Fatalf("%d samples are stored, want 10", n)
	}
}
