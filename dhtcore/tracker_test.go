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
	path := filepath.Join(dir, trackerFile)
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

func TestTheTrackerServesWhatItsListsAllowAndReadsThemAgain(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	allow, deny := filepath.Join(dir, "allow"), filepath.Join(dir, "deny.txt")
	one, two, three := ID{1}, ID{2}, ID{3}
	write := func(path string, lines ...any) {
		t.Helper()
		if err := os.WriteFile(path, []byte(fmt.Sprintln(lines...)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(allow, "# ours\n\n", one, "\nmagnet:?xt=urn:btih:"+two.String(), "# the second")
	write(deny, two)
	var policy *tracker.Policy
	l := trackerLists{allow: allow, deny: deny, set: func(p *tracker.Policy) { policy = p }}
	admitted := func() (list [3]bool) {
		t.Helper()
		if err := l.load(ctx); err != nil {
			t.Fatal(err)
		}
		for i, hash := range [3]ID{one, two, three} {
			list[i] = policy.Admits(hash)
		}
		return list
	}
	if got := admitted(); got != [3]bool{true, false, false} {
		t.Errorf("%v", got)
	}
	write(allow, one, "\n", two, "\n", three)
	if got := admitted(); got != [3]bool{true, false, true} {
		t.Errorf("after a change: %v", got)
	}
	write(allow, "rubbish and more of it")
	if err := l.load(ctx); err == nil || !strings.Contains(err.Error(), "--tracker-allow: "+allow+", line 1") {
		t.Errorf("%v", err)
	}
	if !policy.Admits(three) {
		t.Error("the last list is not in force")
	}
	l.allow = dir // without .torrent files
	if got := admitted(); got != [3]bool{} {
		t.Errorf("of an empty directory: %v", got)
	}
	l.allow, l.deny = "", deny
	if got := admitted(); got != [3]bool{true, false, true} {
		t.Errorf("only denied: %v", got)
	}
}
