package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// connectTimeout is how long a server may take to accept a connection: one that is there takes milliseconds.
	connectTimeout = 2 * time.Second
	// pushTime is how long a Save copies rows to the server. What it does not manage waits for the next.
	pushTime = time.Second
	// Close goes on copying for closeTime, and waits for the connections for what is left of leaveTime: a
	// command is to end within a second.
	closeTime = 500 * time.Millisecond
	leaveTime = 900 * time.Millisecond
	// A server that is away is asked again after a pause that doubles from the first to the second.
	leastPause = 2 * time.Second
	mostPause  = time.Minute
	// fleetConns is how many connections one process has: the writer's and a few readers'.
	fleetConns = 4
)

// Fleet is a Store in a PostgreSQL database that several crawlers share. Every crawler saves into a
// file of its own first, the spool, and copies the totals of what changed from there: as they only
// grow, what was copied twice, or half when the server or the crawler died, is right after the next
// copy, and a server that was away, or lost its data, gets all that it lacks. Nodes and State are the
// crawler's own and stay in its spool.
type Fleet struct {
	spool *SQLite
	temp  string // directory of a spool that goes with Close
	url   string // without its password
	pool  *pgxpool.Pool
	ready atomic.Bool // whether the database has our schema

	copying sync.Mutex // guards the rest, but trouble
	mark    string     // of the database
	marked  bool       // whether what that database lacks is marked in the spool
	chunk   int        // rows to copy at once
	pause   time.Duration
	again   time.Time // when a server that was away is asked again

	mu      sync.Mutex
	trouble error
}

func openFleet(ctx context.Context, c Config) (*Fleet, error) {
	config, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, badURL("the --store URL is none that PostgreSQL knows: pass postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	config.MaxConns = fleetConns
	if config.ConnConfig.ConnectTimeout == 0 || config.ConnConfig.ConnectTimeout > connectTimeout {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if config.PingTimeout == 0 || config.PingTimeout > connectTimeout {
		config.PingTimeout = connectTimeout
	}
	config.ConnConfig.RuntimeParams["application_name"] = "dhtop"
	f := &Fleet{url: redact(c.URL), chunk: mostAtOnce}
	path := c.Spool
	if path == "" {
		if f.temp, err = os.MkdirTemp("", "dhtop-spool-*"); err != nil {
			return nil, fmt.Errorf("cannot make the spool: %w: pass --data DIR", err)
		}
		path = filepath.Join(f.temp, "spool.sqlite")
	}
	if f.spool, err = openSQLite(ctx, path, true); err == nil {
		f.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config)
	}
	if err != nil {
		f.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	f.copyAll(ctx, connectTimeout)
	return f, nil
}

func redact(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "postgres://..."
	}
	u.RawQuery = "" // which may have a password too
	return u.Redacted()
}

// Origin implements Store.
func (f *Fleet) Origin() Origin { return f.spool.Origin() }

// Trouble implements Store.
func (f *Fleet) Trouble() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trouble
}

func (f *Fleet) setTrouble(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble = err
}

// Save implements Store. It fails only where the spool does.
func (f *Fleet) Save(ctx context.Context, b Batch) error {
	if err := f.spool.Save(ctx, b); err != nil {
		return err
	}
	f.copyAll(ctx, pushTime)
	return nil
}

// Nodes implements Store.
func (f *Fleet) Nodes(ctx context.Context, limit int) iter.Seq2[Node, error] {
	return f.spool.Nodes(ctx, limit)
}

// State implements Store.
func (f *Fleet) State(ctx context.Context, prefix string) (map[string][]byte, error) {
	return f.spool.State(ctx, prefix)
}

// Close copies what it can in half a second. The rest stays in the spool for the next time. It does not
// wait for a server that has fallen silent, of whose connections the pool lets go when they fail.
func (f *Fleet) Close() (err error) {
	if f.pool != nil {
		leave := time.NewTimer(leaveTime)
		defer leave.Stop()
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			f.copyAll(context.Background(), closeTime)
			f.pool.Close()
		}()
		select {
		case <-closed:
		case <-leave.C:
		}
	}
	if f.spool != nil {
		err = f.spool.Close()
	}
	if f.temp != "" {
		err = errors.Join(err, os.RemoveAll(f.temp))
	}
	return err
}
