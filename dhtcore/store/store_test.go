package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestSQLiteConforms(t *testing.T) {
	conform(t, func(t *testing.T) func() Store {
		path := filepath.Join(t.TempDir(), "dhtop.sqlite")
		return func() Store { return open(t, path) }
	})
}

func open(t *testing.T, path string) *SQLite {
	t.Helper()
	s, err := Open(t.Context(), Config{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*SQLite)
}

func TestOpenTakesAnyPath(t *testing.T) {
	for _, name := range []string{"a b.sqlite", "a?b#c%20.sqlite", "new/er/x.sqlite", "':;é.sqlite"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			save(t, open(t, path), ledger.HashRow{InfoHash: key(1)})
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Fatalf("%v, %v; want a file of mode 0600", info, err)
			}
		})
	}
}

func TestPathOfAURL(t *testing.T) {
	t.Setenv("HOME", "/home/ada")
	for url, want := range map[string]string{
		"sqlite:/var/x.db": "/var/x.db", "sqlite:///var/x.db": "/var/x.db", "sqlite:~/x.db": "/home/ada/x.db",
		"sqlite:/a/../x.db": "/x.db", "sqlite:": "", "/var/x.db": "", "none": "", "postgres://host/db": "",
	} {
		got, err := Path(url)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Path(%q) = %q, %v; want %q", url, got, err, want)
		}
	}
}

func TestOpenSaysWhyNotAndWhatToDo(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "plain.txt", "this is a text, and longer than the header of a database by far: 100 bytes, as it happens, and then some more")
	newer := filepath.Join(dir, "newer.sqlite")
	execute(t, newer, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; CREATE TABLE x (y)", applicationID, len(migrations)+1))
	foreign := filepath.Join(dir, "foreign.sqlite")
	execute(t, foreign, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('mine')")
	before, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name, url, says string
		is              error
	}{
		{"a directory", "sqlite:" + dir, "is a directory: pass --store sqlite:" + dir + "/dhtop.sqlite", nil},
		{"a directory that cannot be made", "sqlite:" + file + "/sub/x.sqlite", "cannot create the directory", nil},
		{"a directory that cannot be written", "sqlite:/proc/x.sqlite", "cannot write to the store", nil},
		{"a text file", "sqlite:" + file, "pass --store sqlite:PATH with another file", ErrNotStore},
		{"another program's database", "sqlite:" + foreign, "pass --store sqlite:PATH with another file", ErrNotStore},
		{"a newer schema", "sqlite:" + newer, "update dhtop", ErrNewer},
		{"an unknown scheme", "mysql://localhost", "pass sqlite:PATH", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), Config{URL: c.url})
			if err == nil {
				s.Close()
				t.Fatalf("Open(%q) succeeded", c.url)
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") || (c.is != nil && !errors.Is(err, c.is)) {
				t.Fatalf("Open(%q): %v\nwant one line with %q (%v)", c.url, err, c.says, c.is)
			}
		})
	}
	if after, err := os.ReadFile(foreign); err != nil || string(after) != string(before) {
		t.Fatalf("another program's database was changed (%v)", err)
	}
}

func TestADamagedStoreIsToldAndSetAside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "dhtop.sqlite")
	s := open(t, path)
	save(t, s, many(0, 5000)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ { // all but the header and the schema
		content[i] = 0xaa
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}

	url := "sqlite:" + path
	if _, err := Open(t.Context(), Config{URL: url}); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("Open = %v; want %v", err, ErrCorrupt)
	}
	write(t, dir, "dhtop.sqlite-wal", "a log that must not be replayed")
	aside, err := SetAside(Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(aside); err != nil || string(kept) != string(content) {
		t.Fatalf("%s does not hold the damaged store (%v)", aside, err)
	}
	wantTop(t, open(t, path), 0)
}

func TestADamageFoundLaterIsToldToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dhtop.sqlite")
	s := open(t, path)
	save(t, s, many(0, 5000)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xaa", 20*4096)), info.Size()/4096/2*4096); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), Config{URL: "sqlite:" + path})
	if err == nil {
		defer again.Close()
		_, err = Top(t.Context(), again, 0)
	}
	if !errors.Is(err, ErrCorrupt) {
		t.Fatalf("%v; want %v", err, ErrCorrupt)
	}
}

func TestAStoreOfEveryEarlierSchemaIsBroughtUpToDate(t *testing.T) {
	want := schema(t, open(t, filepath.Join(t.TempDir(), "fresh.sqlite")))
	for version := 1; version < len(migrations); version++ {
		path := filepath.Join(t.TempDir(), "old.sqlite")
		execute(t, path, strings.Join(migrations[:version], ";\n")+fmt.Sprintf("; PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
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

func TestPartsThatAPersonDeletesAreNoRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := open(t, path)
	bring(t, s, 1, Part{NamedOrigin("bad"), ledger.HashRow{InfoHash: key(1), Requests: 3}})
	save(t, s, ledger.HashRow{InfoHash: key(2), Requests: 1, RawRequests: 1})
	execute(t, path, "DELETE FROM parts")
	wantTop(t, s, 0, ledger.HashRow{Rank: 1, InfoHash: key(2), Requests: 1, RawRequests: 1})
}

func TestTheSourcesOfSeveralRunsAddUp(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	for i := range 10 {
		l := ledger.New()
		l.Changes(at(0))
		l.See(ledger.Requested, key(1), netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 1), 0, at(100*int64(i)))
		save(t, s, l.Changes(at(100*int64(i)))...)
	}
	top, err := Top(t.Context(), s, 1)
	if err != nil || top[0].Requests != 10 || top[0].Sources < 9 || top[0].Sources > 10 { // of the first run there is no sketch
		t.Fatalf("%+v, %v; want 9 or 10 sources", top, err)
	}
}

func TestThePersonWithSqlite3ReadsPeersAndTotals(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	save(t, s, ledger.HashRow{InfoHash: key(1), Requests: 2, FirstSeen: at(60), LastSeen: at(60)})
	bring(t, s, 1, Part{Origin{1}, ledger.HashRow{InfoHash: key(1), Name: "theirs", Requests: 3, Sources: 2, FirstSeen: at(0), LastSeen: at(1)}})
	addr := netip.MustParseAddrPort("192.0.2.1:6881")
	if err := s.Save(t.Context(), Batch{Peers: []Peer{{InfoHash: key(1), Addr: addr, Found: 2, FirstSeen: at(0), LastSeen: at(60)}}}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"SELECT name || ' ' || requests || ' ' || sources || ' ' || vantages || ' ' || first_seen || ' ' || last_seen FROM top_hashes": "theirs 5 2 2 2023-11-14T22:13:20Z 2023-11-14T22:14:20Z",
		"SELECT info_hash || ' ' || address || ' ' || found || ' ' || last_seen FROM peers":                                            "0000000100000000000000000000000000000000 192.0.2.1:6881 2 2023-11-14T22:14:20Z",
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

func schema(t *testing.T, s *SQLite) (all string) {
	t.Helper()
	err := s.pools.Load().read.QueryRowContext(t.Context(), "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY name)").Scan(&all)
	if err != nil || all == "" {
		t.Fatalf("schema %q, %v", all, err)
	}
	return all
}

func execute(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
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

// TestAFileThatBecomesASpoolBesideUs has a file open since before another process made it a spool.
func TestAFileThatBecomesASpoolBesideUs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	ours, spool := open(t, path), open(t, path)
	waiting := func() (n int) {
		t.Helper()
		if err := ours.pools.Load().read.QueryRowContext(t.Context(), "SELECT count(*) FROM hashes WHERE unsent > 0").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	save(t, ours, many(0, 10)...)
	if n := waiting(); n != 0 {
		t.Fatalf("%d rows wait for a PostgreSQL that is not there", n)
	}
	for i, state := range []string{resyncState, syncedState} {
		if err := spool.Save(t.Context(), Batch{State: map[string][]byte{resyncState: nil, state: []byte("x")}}); err != nil {
			t.Fatal(err)
		}
		save(t, ours, many(100*i, 50)...)
		if n := waiting(); n != 50*(i+1) {
			t.Errorf("with %s, %d rows wait; want %d", state, n, 50*(i+1))
		}
	}
}
