package dhtcore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"dhtop/dhtcore/tracker"
)

func TestTheExplorerRegistersAndSavesOnRequest(t *testing.T) {
	dir := t.TempDir()
	deny := filepath.Join(dir, "deny")
	if err := os.WriteFile(deny, []byte(ID{9}.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, DataDir: dir, TrackerDeny: deny, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
	announceTo(t, e)
	if err := e.SaveState(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, tracker.SavedName)); err != nil {
		t.Error(err)
	}
	r, fresh, err := e.RegisterTorrent(&Torrent{Hashes: []ID{{1, 2, 3}}}, "a\x1b[2Jb\u202e", 5)
	if err != nil || !fresh || r.Name != "a\ufffd[2Jb\ufffd" || e.Registered(ID{1, 2, 3}).Size != 5 {
		t.Errorf("%+v, %v, %v", r, fresh, err)
	}
	if _, _, err := e.RegisterTorrent(&Torrent{Hashes: []ID{{8}, {9}}}, "", 0); !errors.Is(err, ErrDenied) || e.Registered(ID{8}) != nil {
		t.Errorf("%v; want that the deny list has it", err)
	}
	none := start(t, Config{Bind: loopback, Bootstrap: []string{}})
	if _, _, err := none.RegisterTorrent(&Torrent{Hashes: []ID{{1}}}, "", 0); !errors.Is(err, ErrNoTracker) {
		t.Errorf("without a tracker: %v", err)
	}
	if err := none.SaveState(t.Context()); !errors.Is(err, ErrKeepsNothing) {
		t.Errorf("without a data directory: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	idle, err := Open(Config{Bind: loopback, Bootstrap: []string{}, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if err := idle.SaveState(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
