package store

import (
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestPartsThatAPersonDeletesAreNoRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	bring(t, s, 1, Part{NamedOrigin("bad"), ledger.HashRow{InfoHash: key(1), Requests: 3}})
	save(t, s, ledger.HashRow{InfoHash: key(2), Requests: 1, RawRequests: 1})
	execute(t, path, "DELETE FROM parts")
	wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(2), Requests: 1, RawRequests: 1})
}

func TestARankingWithoutItsIndexIsAnError(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, many(0, 100)...)
	if _, err := s.pools.Load().write.ExecContext(t.Context(), "DROP INDEX hashes_by_rank"); err != nil {
		t.Fatal(err)
	}
	if top, err := Top(t.Context(), s, 10); err == nil || !strings.Contains(err.Error(), "hashes_by_rank") {
		t.Errorf("%d rows, %v; want what is missing", len(top), err)
	}
}
