package store

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

// silencedProxy returns a URL that leads to the server. After fall it passes nothing on, until rise is called.
func silencedProxy(t *testing.T, server string) (through string, fall, rise func()) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	to := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var passing sync.RWMutex
	pass := func(from, to net.Conn) {
		defer to.Close()
		buffer := make([]byte, 1<<16)
		for {
			n, err := from.Read(buffer)
			passing.RLock()
			if n > 0 {
				_, err = to.Write(buffer[:n])
			}
			passing.RUnlock()
			if err != nil {
				return
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d, err := net.Dial("tcp", to)
			if err != nil {
				c.Close()
				continue
			}
			go pass(c, d)
			go pass(d, c)
		}
	}()
	t.Cleanup(func() { l.Close() })
	u.Host = l.Addr().String()
	return u.String(), passing.Lock, passing.Unlock
}

// within fails the test if do takes longer than limit.
func within(t *testing.T, what string, limit time.Duration, do func()) {
	t.Helper()
	start := time.Now()
	if do(); time.Since(start) > limit {
		t.Errorf("%s took %v; want at most %v", what, time.Since(start), limit)
	}
}

func TestAServerThatFallsSilentStopsNobody(t *testing.T) {
	server := postgres(t)
	u, fall, rise := silencedProxy(t, server.database(t))
	spool := filepath.Join(t.TempDir(), "spool.sqlite")
	pg := openPostgresAt(t, u, spool)
	save(t, pg, many(0, 1000)...)
	calm(t, pg)
	if _, err := Top(t.Context(), pg, 100); err != nil {
		t.Fatal(err)
	}
	fall()
	defer rise()
	within(t, "Save", syncTime+2*time.Second, func() { save(t, pg, many(1000, 10)...) })
	if pg.Trouble() == nil {
		t.Error("no Trouble though the server is silent")
	}
	within(t, "Top", 2*time.Second, func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := Top(ctx, pg, 100); err == nil {
			t.Error("Top of a silent server succeeded")
		}
	})
	within(t, "Close", closeLimit+time.Second, func() {
		if err := pg.Close(); err != nil {
			t.Error(err)
		}
	})
	wantOrderLen(t, open(t, spool), 1010)
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

func TestABigSpoolIsSyncedUnderItsDeadline(t *testing.T) {
	server := postgres(t)
	spool := filepath.Join(t.TempDir(), "spool.sqlite")
	local := open(t, spool)
	const n = 100_000
	save(t, local, many(0, n)...)
	local.Close()
	pg := openPostgresAt(t, server.database(t), spool)
	catchUp(t, pg)
	wantOrderLen(t, pg, n)
}

func TestARowThatIsSavedAgainWhileItIsCopiedStaysUnsent(t *testing.T) {
	server := postgres(t)
	database, spool := server.database(t), filepath.Join(t.TempDir(), "spool.sqlite")
	a, b := openPostgresAt(t, database, spool), openPostgresAt(t, database, spool)
	ten := Batch{Hashes: []ledger.HashRow{{InfoHash: key(1), Requests: 10}}}
	if err := a.spool.Save(t.Context(), ten); err != nil {
		t.Fatal(err)
	}
	copied := []syncedRow{{hash: key(1)}} // b reads the row, and is slow
	if err := b.spool.pools.Load().read.QueryRowContext(t.Context(), "SELECT unsent FROM hashes").Scan(&copied[0].unsent); err != nil {
		t.Fatal(err)
	}
	a.sync(t.Context(), 10*time.Second)
	if err := a.spool.Save(t.Context(), ten); err != nil {
		t.Fatal(err)
	}
	if err := b.markSynced(t.Context(), copied, markHash); err != nil {
		t.Fatal(err)
	}
	a.sync(t.Context(), 10*time.Second)
	if n := totalOf(t, a); n != 20 {
		t.Fatalf("PostgreSQL has %d requests, want 20", n)
	}
}

// TestTheTopOfAYoungDatabaseIsThatOfAll has a few hashes that are asked for and many that were only found.
func TestTheTopOfAYoungDatabaseIsThatOfAll(t *testing.T) {
	server := postgres(t)
	database := server.database(t)
	pg := crawler(t, database)
	server.execute(t, database, `INSERT INTO vantages SELECT decode(lpad(v::text, 16, '0'), 'hex') FROM generate_series(1, 4) v;
		INSERT INTO hashes SELECT decode(md5(i::text) || substr(md5((i + 1)::text), 1, 8), 'hex'), decode(lpad(v::text, 16, '0'), 'hex'),
			'', CASE WHEN i <= 50 THEN 1000 - i ELSE 0 END, 0, 0, 1 + i % 3, 0, 0, 0, 0, 1, 2, NULL
		FROM generate_series(1, 20000) i, generate_series(1, 4) v; ANALYZE`)
	whole, err := Top(t.Context(), pg, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{10, 50, 51, 1000} {
		start := time.Now()
		top, err := Top(t.Context(), pg, limit)
		if err != nil || len(top) != limit {
			t.Fatalf("Top(%d): %d rows, %v", limit, len(top), err)
		}
		t.Logf("Top(%d) took %v", limit, time.Since(start))
		for i := range top {
			if top[i].InfoHash != whole[i].InfoHash || top[i].Samples != whole[i].Samples {
				t.Fatalf("Top(%d): rank %d is %+v\nof the whole ranking %+v", limit, i+1, top[i], whole[i])
			}
		}
	}
}
