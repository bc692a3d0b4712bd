package store

import (
	"database/sql"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/ledger"
)

func schema(t *testing.T, s *SQLite) (all string) {
	t.Helper()
	err := s.pools.Load().read.QueryRowContext(t.Context(), "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY name)").Scan(&all)
	if err != nil || all == "" {
		t.Fatalf("schema %q, %v", all, err)
	}
	return all
}

func TestAStoreOfEveryEarlierSchemaIsBroughtUpToDate(t *testing.T) {
	want := schema(t, open(t, filepath.Join(t.TempDir(), "fresh.sqlite")))
	for version := 1; version < len(migrations); version++ {
		path := filepath.Join(t.TempDir(), "old.sqlite")
		execute(t, path, strings.Join(migrations[:version], ";\n")+fmt.Sprintf("\n; PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
		if got := schema(t, open(t, path)); got != want {
			t.Errorf("from schema %d:\n%s\nwant\n%s", version, got, want)
		}
	}
}

func TestAStoreOfTheFirstSchemaKeepsItsRanking(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.sqlite")
	script, err := os.ReadFile("testdata/v1.sql")
	if err != nil {
		t.Fatal(err)
	}
	execute(t, path, string(script))
	s := open(t, path)
	want := []ledger.HashRow{
		{Rank: 1, InfoHash: key(2), Name: "the second", Requests: 12, Announces: 2, Samples: 3, Sources: 4, Peers: 11, FirstSeen: at(5), LastSeen: at(20)},
		{Rank: 2, InfoHash: key(1), Requests: 12, Announces: 1},
		{Rank: 3, InfoHash: key(3), Samples: 1, LastSeen: at(0)},
	}
	wantTop(t, s, 0, want...)
	save(t, s, ledger.HashRow{InfoHash: key(3), Requests: 1, RawRequests: 4})
	want[2].Requests, want[2].RawRequests = 1, 4
	wantTop(t, s, 0, want...)
}

func TestThePersonWithSqlite3ReadsPeersAndTotals(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 2, Tracked: 3, FirstSeen: at(60), LastSeen: at(60)})
	bring(t, s, 1, Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Name: "theirs", Requests: 3, Tracked: 4, Sources: 2, FirstSeen: at(0), LastSeen: at(1)}})
	addr := netip.MustParseAddrPort("192.0.2.1:6881")
	if err := s.Save(t.Context(), Batch{Peers: []Peer{{InfoHash: key(1), Addr: addr, Found: 2, FirstSeen: at(0), LastSeen: at(60)}}}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"SELECT name || ' ' || requests || ' ' || sources || ' ' || vantages || ' ' || first_seen || ' ' || last_seen || ' ' || tracked FROM top_hashes": "theirs 5 2 2 2023-11-14T22:13:20Z 2023-11-14T22:14:20Z 7",
		"SELECT info_hash || ' ' || address || ' ' || found || ' ' || last_seen FROM peers":                                                              "0000000100000000000000000000000000000000 192.0.2.1:6881 2 2023-11-14T22:14:20Z",
	} {
		var got string
		if err := s.pools.Load().read.QueryRowContext(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s:\n%q, %v; want\n%q", query, got, err, want)
		}
	}
}

func TestThePersonWithSqlite3ReadsTopHashes(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ledger.HashRow{InfoHash: key(0xabcd), Requests: 2, Sources: 1, FirstSeen: at(0), LastSeen: at(60)},
		ledger.HashRow{InfoHash: key(1), Name: "a name", Requests: 3})
	rows, err := s.pools.Load().read.QueryContext(t.Context(), "SELECT info_hash, name, requests, sources, first_seen, last_seen FROM top_hashes")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got strings.Builder
	for rows.Next() {
		var hash string
		var name, first, last sql.NullString
		var requests, sources int
		if err := rows.Scan(&hash, &name, &requests, &sources, &first, &last); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&got, hash, name.String, requests, sources, first.String, last.String)
	}
	want := "0000000100000000000000000000000000000000 a name 3 0  \n" +
		"0000abcd00000000000000000000000000000000  2 1 2023-11-14T22:13:20Z 2023-11-14T22:14:20Z\n"
	if got.String() != want {
		t.Fatalf("top_hashes:\n%swant\n%s", got.String(), want)
	}
}

func TestTheRankingIsAnIndexNotASort(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	for _, query := range []string{"SELECT " + allColumns + " FROM hashes" + orderByRank, "SELECT * FROM top_hashes"} {
		var id, parent, unused int
		var plan string
		row := s.pools.Load().read.QueryRowContext(t.Context(), "EXPLAIN QUERY PLAN "+query+" LIMIT 500")
		if err := row.Scan(&id, &parent, &unused, &plan); err != nil || !strings.Contains(plan, "USING INDEX hashes_by_rank") {
			t.Errorf("%s: %s, %v", query, plan, err)
		}
	}
}
