package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// connectTimeout is how long a server may take to accept a connection; one that is up takes milliseconds.
	connectTimeout = 2 * time.Second
	// syncTime is how long a Save copies rows to the server. The rest waits for the next Save.
	syncTime = time.Second
	// Close copies for closeSyncTime, and waits for the connections until closeLimit: a command ends within a
	// second.
	closeSyncTime = 500 * time.Millisecond
	closeLimit    = 900 * time.Millisecond
	// A server that cannot be reached is tried again after a pause that doubles from minBackoff to maxBackoff.
	minBackoff = 2 * time.Second
	maxBackoff = time.Minute
	// maxConns is how many connections a process opens: one writer and a few readers.
	maxConns = 4
)

// Postgres is a Store in a PostgreSQL database that several crawlers share. A crawler saves into a file of its own
// first, the spool, and copies the totals of the changed rows to the database. Totals only grow, so a copy that was
// made twice, or half because the server or the crawler died, is right after the next one; and a server that was
// away, or lost its data, gets everything that it lacks. Nodes and State belong to the crawler and stay in the
// spool.
type Postgres struct {
	spool       *SQLite
	tempDir     string // directory of a temporary spool, removed by Close
	url         string // without its password
	device      string // the network interface that it is reached by, "" for any
	pool        *pgxpool.Pool
	schemaReady atomic.Bool // whether the database has our schema

	onClock func(theirs, sent, received time.Time, from net.Addr) // as in Config

	syncing    sync.Mutex // held during a sync; guards the fields down to clockRead
	databaseID string     // of the database that was synced last
	resynced   bool       // whether the rows that this database lacks are marked unsent in the spool
	chunk      int        // rows per transaction
	backoff    time.Duration
	retryAt    time.Time   // when a server that failed is tried again
	thinned    [][2][]byte // ranges of keys from which Trim deleted in the spool
	clockRead  time.Time   // when the clock of the server was read

	mu      sync.Mutex
	trouble error
}

func openPostgres(ctx context.Context, c Config) (*Postgres, error) {
	config, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, badURL("the --store URL is not a valid PostgreSQL URL: pass postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	config.MaxConns = maxConns
	if !hasExecMode(c.URL) {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	if config.ConnConfig.ConnectTimeout == 0 || config.ConnConfig.ConnectTimeout > connectTimeout {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if config.PingTimeout == 0 || config.PingTimeout > connectTimeout {
		config.PingTimeout = connectTimeout
	}
	config.ConnConfig.RuntimeParams["application_name"] = "dhtop"
	if c.Device != nil {
		config.ConnConfig.DialFunc, config.ConnConfig.LookupFunc = c.Device.Dialer().DialContext, c.Device.Resolver().LookupHost
	}
	pg := &Postgres{url: redact(c.URL), device: c.Device.Name(), onClock: c.OnClock, chunk: maxChunk}
	path := c.Spool
	if path == "" {
		if pg.tempDir, err = os.MkdirTemp("", "dhtop-spool-*"); err != nil {
			return nil, fmt.Errorf("cannot create the spool: %w: pass --data DIR", err)
		}
		path = filepath.Join(pg.tempDir, "spool.sqlite")
	}
	if pg.spool, err = openSQLite(ctx, path, true); err == nil {
		pg.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config)
	}
	if err != nil {
		pg.Close() //nolint:errcheck // the first error is reported
		return nil, err
	}
	pg.sync(ctx, connectTimeout)
	return pg, nil
}

// hasExecMode reports whether a URL says how pgx sends statements. By default we use no named statements, as a
// PgBouncer in transaction mode may run each transaction on another connection of the server, which does not have
// them. For the same reason nothing here relies on the session: no SET, no temporary table, no LISTEN, and only
// advisory locks that end with their transaction.
func hasExecMode(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Query().Has("default_query_exec_mode")
}

// redact returns a URL without its passwords.
func redact(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "postgres://..."
	}
	u.RawQuery = "" // it may contain a password too
	return u.Redacted()
}

// Origin implements Store.
func (pg *Postgres) Origin() Origin { return pg.spool.Origin() }

// Trouble implements Store.
func (pg *Postgres) Trouble() error {
	pg.mu.Lock()
	defer pg.mu.Unlock()
	return pg.trouble
}

func (pg *Postgres) setTrouble(err error) {
	pg.mu.Lock()
	defer pg.mu.Unlock()
	pg.trouble = err
}

// Save implements Store. It fails only where the spool does.
func (pg *Postgres) Save(ctx context.Context, b Batch) error {
	if err := pg.spool.Save(ctx, b); err != nil {
		return err
	}
	pg.sync(ctx, syncTime)
	return nil
}

// Nodes implements Store.
func (pg *Postgres) Nodes(ctx context.Context, limit int) iter.Seq2[Node, error] {
	return pg.spool.Nodes(ctx, limit)
}

// State implements Store.
func (pg *Postgres) State(ctx context.Context, prefix string) (map[string][]byte, error) {
	return pg.spool.State(ctx, prefix)
}

// Close copies what it can in half a second; the rest stays in the spool for the next start. It does not wait for a
// server that has stopped responding: the pool drops those connections when they fail.
func (pg *Postgres) Close() (err error) {
	if pg.pool != nil {
		leave := time.NewTimer(closeLimit)
		defer leave.Stop()
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			pg.sync(context.Background(), closeSyncTime)
			pg.pool.Close()
		}()
		select {
		case <-closed:
		case <-leave.C:
		}
	}
	if pg.spool != nil {
		err = pg.spool.Close()
	}
	if pg.tempDir != "" {
		err = errors.Join(err, os.RemoveAll(pg.tempDir))
	}
	return err
}
