package store

import (
	"net/netip"
	"path/filepath"
	"testing"
)

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

// TestABigSpoolIsMarkedInSeveralSteps starts anew before each step.
func TestABigSpoolIsMarkedInSeveralSteps(t *testing.T) {
	spool := filepath.Join(t.TempDir(), "spool.sqlite")
	local := open(t, spool)
	const n = 3*resyncChunk + 7
	save(t, local, many(0, n)...)
	if err := local.Save(t.Context(), Batch{Peers: []Peer{{InfoHash: key(1), Addr: netip.MustParseAddrPort("192.0.2.1:1"), Found: 1}}}); err != nil {
		t.Fatal(err)
	}
	local.Close()
	pg := &Postgres{chunk: maxChunk}
	var err error
	if pg.spool, err = openSQLite(t.Context(), spool, true); err != nil {
		t.Fatal(err)
	}
	defer pg.spool.Close()
	m, steps := resync{databaseID: "m"}, 0
	for ; m.table < len(syncedTables); steps++ {
		state, err := pg.spool.State(t.Context(), resyncState)
		if err != nil {
			t.Fatal(err)
		}
		if steps > 0 {
			m = parseResync(string(state[resyncState]), "m") // as after a start
		}
		if _, err := pg.resyncSome(&m); err != nil {
			t.Fatal(err)
		}
	}
	if steps != 4+1+1 {
		t.Errorf("%d steps", steps)
	}
	var rows, peers, twice int
	if err := pg.spool.pools.Load().read.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM hashes WHERE unsent = 1),
		(SELECT count(*) FROM seen_peers WHERE unsent = 1), (SELECT count(*) FROM hashes WHERE unsent > 1)`).Scan(&rows, &peers, &twice); err != nil ||
		rows != n || peers != 1 || twice != 0 {
		t.Fatalf("%d hashes and %d peers are marked, %d twice, %v; want %d and 1", rows, peers, twice, err, n)
	}
	state, err := pg.spool.State(t.Context(), syncedState)
	if err != nil || len(state) != 1 || string(state[syncedState]) != "m" {
		t.Fatalf("%q, %v; want the mark alone", state, err)
	}
}

func TestAResyncIsReadAsItIsWritten(t *testing.T) {
	for _, rs := range []resync{{databaseID: "db"}, {"db", 2, []byte{1, 0xff}}} {
		if back := parseResync(rs.String(), "db"); back.databaseID != "db" || back.table != rs.table || string(back.after) != string(rs.after) {
			t.Errorf("%q is read as %+v", rs.String(), back)
		}
	}
	for _, bad := range []string{"", "db", "other 1 ff", "db x ff", "db 1 zz", "db -1 ff", "db 3 ff"} {
		if back := parseResync(bad, "db"); back.databaseID != "db" || back.table != 0 || len(back.after) != 0 {
			t.Errorf("%q is read as %+v; want the beginning", bad, back)
		}
	}
}

func TestADatabaseMadeAnewGetsEverythingAgain(t *testing.T) {
	server := postgres(t)
	url := server.database(t)
	pg := crawler(t, url)
	save(t, pg, many(0, 100)...)
	server.execute(t, url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	save(t, pg, many(0, 1)...)
	if pg.Trouble() == nil {
		t.Fatal("no Trouble though the tables are gone")
	}
	catchUp(t, pg)
	if n, err := pg.Count(t.Context()); n != 100 || err != nil {
		t.Fatalf("Count = %d, %v; want 100", n, err)
	}
}

func TestWhatAFileCountedBeforeReachesPostgreSQL(t *testing.T) {
	url, path := postgres(t).database(t), filepath.Join(t.TempDir(), "dhtop.db")
	alone := open(t, path)
	save(t, alone, many(0, 100)...)
	bring(t, alone, 1, Part{Origin{7}, many(500, 1)[0]}) // which is not ours to copy
	if err := alone.Close(); err != nil {
		t.Fatal(err)
	}
	pg := openPostgresAt(t, url, path)
	calm(t, pg)
	if n, err := pg.Count(t.Context()); n != 100 || err != nil {
		t.Fatalf("Count = %d, %v; want 100", n, err)
	}
}

func TestWhatASpoolCountsOnItsOwnReachesPostgreSQLLater(t *testing.T) {
	server := postgres(t)
	u, spool := server.database(t), filepath.Join(t.TempDir(), "spool.sqlite")
	pg := openPostgresAt(t, u, spool)
	save(t, pg, many(0, 10)...)
	calm(t, pg)
	pg.Close()
	own := open(t, spool)
	save(t, own, many(5, 10)...)
	own.Close()
	pg = openPostgresAt(t, u, spool)
	calm(t, pg)
	total := uint64(0)
	for row, err := range Rows(t.Context(), pg, 0) {
		if err != nil {
			t.Fatal(err)
		}
		total += row.Requests
	}
	wantOrderLen(t, pg, 15)
	once := uint64(0)
	for _, row := range append(many(0, 10), many(5, 10)...) {
		once += row.Requests
	}
	if total != once {
		t.Errorf("PostgreSQL has %d requests; the spool counted %d", total, once)
	}
}
