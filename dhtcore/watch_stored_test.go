package dhtcore

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestTheWatchListOfAStoreIsChangedWithoutANode(t *testing.T) {
	dir := t.TempDir()
	cfg := offline(dir)
	cfg.Store = "sqlite:" + filepath.Join(dir, "x.sqlite")
	if w, err := ReadStoredWatch(t.Context(), cfg); w != nil || err != nil {
		t.Fatalf("%+v, %v; there is no store", w, err)
	}
	s, err := OpenStoredWatch(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range []ID{{1}, {2}, {1}} {
		if fresh, err := s.Add(WatchEntry{Target: id, Label: "one"}); fresh != (i < 2) || err != nil {
			t.Fatal(i, fresh, err)
		}
	}
	if err := s.Remove(ID{2}); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ID{2}); !errors.Is(err, ErrNotWatched) {
		t.Errorf("%v; it is not there", err)
	}
	if e, err := Open(cfg); err == nil {
		e.Close()
		t.Fatal("a node starts while its list is changed")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if rows, _ := e.WatchRows(); len(rows) != 1 || rows[0].Target != (ID{1}) || rows[0].Label != "one" {
		t.Errorf("%+v", rows)
	}
	if s, err := OpenStoredWatch(t.Context(), cfg); err == nil {
		s.Close()
		t.Error("the list of a node is changed behind its back")
	} else if _, used := errors.AsType[*InUseError](err); !used {
		t.Error(err)
	}
	if w, err := ReadStoredWatch(t.Context(), cfg); err != nil || len(w.Rows) != 1 || w.Entries != 1 {
		t.Errorf("%+v, %v; reading needs nothing", w, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.Store = "none"
	if _, err := OpenStoredWatch(t.Context(), cfg); err == nil {
		t.Error("nothing keeps it")
	}
}
