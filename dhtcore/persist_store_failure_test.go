package dhtcore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

func TestAStoreThatANewerOneReplacesForAWhileIsUsedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	e := keeper(t, "sqlite:"+path)
	e.sightings(5)
	if err := e.flush(t.Context()); err != nil {
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
	e.sightings(5)
	for range 2 {
		if err := e.flush(t.Context()); err == nil {
			t.Fatal("a flush into a newer store succeeded")
		}
	}
	wantNotice(t, e, aboutStore, "update dhtop")
	os.Remove(path)
	move(path+".good", path)
	if err := e.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNotice(t, e, aboutStore, "")
	if n := samplesIn(t, "sqlite:"+path); n != 10 {
		t.Fatalf("%d samples are stored, want 10", n)
	}
}

func TestAStoreThatWasClosedIsOpenedAgain(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	e := keeper(t, url)
	if err := e.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.kept.store.Close()
	e.sightings(5)
	if err := e.flush(t.Context()); !errors.Is(err, sql.ErrConnDone) {
		t.Fatalf("flush = %v; want %v", err, sql.ErrConnDone)
	}
	if err := e.flush(t.Context()); err != nil {
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
	if err := e.again(t); err == nil {
		t.Fatal("a flush into a locked store succeeded")
	}
	lost := e.ledger.Totals().Lost
	if lost == 0 {
		t.Fatal("nothing was lost")
	}
	wantNotice(t, e, aboutStore, "there was no room for those of ")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := e.again(t); err != nil {
		t.Fatal(err)
	}
	if stored := samplesIn(t, "sqlite:"+path); stored+lost != n {
		t.Fatalf("%d samples are stored and %d lost, of %d", stored, lost, n)
	}
}

func TestPeersWithoutRoomAreTold(t *testing.T) {
	e := keeper(t, "mysql://x")
	for i := range mostPeers + 3 {
		e.keepPeer(ledger.Found, ID{byte(i), byte(i >> 8), byte(i >> 16)}, somebody, time.Now())
	}
	if text := e.lostText(); !strings.Contains(text, "0 info_hashes and for 3 peers") {
		t.Fatalf("%q", text)
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
			if err := seed.closeStore(); err != nil {
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
			e := keeper(t, "sqlite:"+path)
			e.cfg.DataDir = dir
			if err := e.openStore(); err != nil {
				t.Fatal(err)
			}
			wantNotice(t, e, aboutStore, "")
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
	e := keeper(t, url)
	e.cfg.Recall = true
	if err := e.openStore(); err != nil {
		t.Fatal(err)
	}
	e.kept.store = silentStore{e.kept.store}
	e.kept.shown = time.Time{}
	e.sightings(5)
	start := time.Now()
	if err := e.flush(t.Context()); err != nil || time.Since(start) > showTime+5*time.Second {
		t.Fatalf("flush = %v after %v", err, time.Since(start))
	}
	wantNotice(t, e, aboutRanking, "The ranking is that of this run alone")
	if err := e.flush(t.Context()); err != nil { // which has nothing to save
		t.Fatal(err)
	}
	wantNotice(t, e, aboutRanking, "The ranking is that of this run alone")
	e.kept.shown = time.Time{} // to be shown again: not on the way out
	e.sightings(5)
	start = time.Now()
	if err := e.closeStore(); err != nil || time.Since(start) > showTime/2 {
		t.Fatalf("closeStore = %v after %v", err, time.Since(start))
	}
	if n := samplesIn(t, url); n != 10 {
		t.Fatalf("%d samples are stored, want 10", n)
	}
}
