package store

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestAHugeFieldOfAForeignStoreIsReadAsEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	save(t, s, ledger.HashRow{InfoHash: key(1), Name: "a name", Requests: 9}, ledger.HashRow{InfoHash: key(2), Requests: 5})
	bring(t, s, 1, Part{NamedOrigin("another"), ledger.HashRow{InfoHash: key(1), Name: "theirs", Requests: 3}})
	const huge = 50_000_000
	for _, harm := range []string{
		"UPDATE hashes SET name = CAST(zeroblob(%d) AS TEXT)",
		"UPDATE parts SET name = replace(hex(zeroblob(%d / 2)), '0', 'x')",
		"INSERT OR REPLACE INTO sketches (info_hash, sources) SELECT info_hash, zeroblob(%d) FROM hashes",
		"INSERT INTO seen_peers (info_hash, address) SELECT info_hash, replace(hex(zeroblob(%d / 2)), '0', '1') FROM hashes",
		"INSERT INTO nodes (address, id, client) VALUES ('192.0.2.1:6881', zeroblob(20), replace(hex(zeroblob(%d / 2)), '0', 'c'))",
		"INSERT INTO state VALUES ('x', zeroblob(%d))",
	} {
		execute(t, path, fmt.Sprintf(harm, huge))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s = open(t, path)
	wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Requests: 12}, ledger.HashRow{Rank: 2, InfoHash: key(2), Requests: 5})
	if peers := gather(t, s.Peers(t.Context(), key(1), 0)); len(peers) != 0 {
		t.Errorf("%d peers", len(peers))
	}
	if nodes := gather(t, s.Nodes(t.Context(), 0)); len(nodes) != 1 || nodes[0].Client != "" {
		t.Errorf("%d nodes", len(nodes))
	}
	if state, err := s.State(t.Context(), "x"); err != nil || len(state) != 0 {
		t.Errorf("%d states, %v", len(state), err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > huge/2 {
		t.Errorf("reading took %d bytes of memory", took)
	}
}

func TestALongNameIsCutBetweenCharacters(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ledger.HashRow{InfoHash: key(1), Name: "x" + strings.Repeat("ä", maxName), Requests: 1})
	wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(1), Name: "x" + strings.Repeat("ä", maxName/2-1), Requests: 1})
}
