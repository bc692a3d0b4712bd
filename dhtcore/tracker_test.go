package dhtcore

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/tracker"
)

func TestATrackerRunsBesideTheNodeOnSwarmsOfItsOwn(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0", UDP: "127.0.0.1:0"}})
	state := e.Snapshot().Tracker
	if state == nil || !state.HTTP.IsValid() || len(state.UDP) != 1 {
		t.Fatalf("%+v", state)
	}
	hash := ID{1, 2, 3}
	announceTo(t, e)
	if c := e.TrackerCounts(hash); c.Seeds != 1 || c.Leechers != 0 {
		t.Errorf("%+v", c)
	}
	s := eventually(t, e, "announce", func(s *Snapshot) bool { return s.Tracker.AnnouncesHTTP == 1 })
	if s.Tracker.Swarms != 1 || s.Tracker.Peers != 1 || s.Peers != 0 {
		t.Errorf("%+v, and %d peers of the DHT", s.Tracker, s.Peers)
	}
}

// announceTo announces a seeder of the hash 010203... to the tracker of e.
func announceTo(t *testing.T, e *Explorer) {
	t.Helper()
	r, err := http.Get(fmt.Sprintf("http://%s/announce?info_hash=%%01%%02%%03%s&peer_id=%s&port=7&left=0", e.Snapshot().Tracker.HTTP,
		strings.Repeat("%00", 17), strings.Repeat("x", 20)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || !strings.Contains(string(body), "8:completei1e") {
		t.Fatalf("%q, %v", body, err)
	}
}

func TestTheSwarmsOfTheTrackerOutliveTheRun(t *testing.T) {
	dir := t.TempDir()
	run := func(do func(*Explorer)) {
		e, err := Open(Config{Bind: loopback, Bootstrap: []string{}, DataDir: dir, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		do(e)
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	hash := ID{1, 2, 3}
	run(func(e *Explorer) { announceTo(t, e) })
	run(func(e *Explorer) {
		if c := e.TrackerCounts(hash); c.Seeds != 1 {
			t.Errorf("after a run: %+v", c)
		}
	})
	path := filepath.Join(dir, tracker.SavedName)
	if err := os.WriteFile(path, []byte("dhtop swarms 1\nrubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(func(e *Explorer) {
		if c := e.TrackerCounts(hash); c.Seeds != 0 {
			t.Errorf("of rubbish: %+v", c)
		}
		named := func(w Event) bool { return strings.Contains(w.Text, path+".unreadable") }
		if w := e.Snapshot().Warnings; !slices.ContainsFunc(w, named) {
			t.Errorf("%+v", w)
		}
	})
	if _, err := os.Stat(path + ".unreadable"); err != nil {
		t.Error(err)
	}
}
