package dhtcore

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/datadir"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
)

func TestTheCheckupKnowsTheClockTheDisksAndTheStore(t *testing.T) {
	dir := t.TempDir()
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for name, at := range map[string]time.Time{"a": old, "b": old.Add(-time.Hour), datadir.LockFile: time.Now()} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	cfg := &Config{DataDir: dir, Store: "sqlite:" + filepath.Join(t.TempDir(), "s.db")}
	n := newNotices(journal.New(16))
	c := newChecker(cfg, datadir.Dir{}, new(hostChecks), newStoreSync(cfg, ledger.New(), nil, n), n)
	now := time.Now()
	c.look(now)
	c.look(now.Add(time.Second)) // both clocks move
	if got := c.checkup(); got.Jump != 0 || !got.Newest.Equal(old) || !got.Guest || len(got.Disks) != 2 {
		t.Errorf("%+v", got)
	}
	for _, d := range c.checkup().Disks {
		if d.Err == "" && (d.Total == 0 || d.Free > d.Total) {
			t.Errorf("%+v", d)
		}
	}
	n.set(aboutStore, "cannot write")
	c.store.saved.Store(now.UnixNano())
	if got := c.checkup(); got.Trouble != "cannot write" || !got.Saved.Equal(now.Round(0)) {
		t.Errorf("%+v", got)
	}
	if d := diskOf(filepath.Join(dir, "nowhere")); d.Err == "" {
		t.Errorf("a directory that is not there: %+v", d)
	}
}

func TestAHostIsCheckedByFamily(t *testing.T) {
	var h hostChecks
	for _, c := range []HostCheck{
		{Host: "b:1", Family: IPv6, Found: 1}, {Host: "a:1", Err: "does not reply", Found: 1}, {Host: "b:1", Found: 1},
		{Host: "a:1", Found: 1}, // it has recovered
		{Host: "127.0.0.1:1", Family: IPv6, Err: "has no IPv6 address"}, {Host: "c:1", Family: IPv6, Err: "has no IPv6 address"},
	} {
		h.put(c)
	}
	got := h.list()
	want := []HostCheck{{Host: "a:1", Found: 1}, {Host: "b:1", Found: 1}, {Host: "b:1", Family: IPv6, Found: 1}, {Host: "c:1", Family: IPv6, Err: "has no IPv6 address"}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
