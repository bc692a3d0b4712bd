package dhtcore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestADataDirectoryHasOneProcess(t *testing.T) {
	dir := t.TempDir()
	serve := offline(dir)
	serve.Command = "serve"
	first, err := Open(serve)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(offline(dir))
	want := fmt.Sprintf("another dhtop uses %s (serve, pid %d): stop it or pass --data DIR", dir, os.Getpid())
	if _, in := errors.AsType[*InUseError](err); !in || !strings.Contains(err.Error(), want) {
		t.Fatalf("a second one: %v, want %s", err, want)
	}
	first.vantages.list[0].Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: addrPort("10.0.0.1:6881")}})
	first.vantages.saveTables(first.notices) //nolint:errcheck // what follows would miss the file
	cfg := offline(dir)
	cfg.Guest = true
	guest, err := Open(cfg)
	if err != nil {
		t.Fatalf("a guest: %v", err)
	}
	s := guest.Snapshot().Nodes[0]
	if s.ID == first.vantages.list[0].ID() || len(s.Contacts) != 1 {
		t.Errorf("the guest has the owner's ID, or %d of one node", len(s.Contacts))
	}
	if err := guest.Close(); err != nil {
		t.Fatal(err)
	}
	if saved, _ := loadTable(tablePath(dir, wire.IPv4, 0)); saved.ID != first.vantages.list[0].ID() {
		t.Error("the guest saved its ID")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := Open(cfg)
	if err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	defer next.Close()
	if next.vantages.list[0].ID() != first.vantages.list[0].ID() {
		t.Error("a guest that is alone does not take the directory")
	}
}

func TestADataDirectoryThatCannotBeWrittenIsAClearError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(offline(filepath.Join(file, "below")))
	if err == nil || !strings.Contains(err.Error(), "--data DIR") {
		t.Errorf("got %v", err)
	}
}
