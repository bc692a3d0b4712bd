package store

import (
	"context"
	"fmt"
	"iter"
	"net"
	"net/netip"
	"strings"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/netbind"
)

// Store is an open store: *SQLite or *Postgres.
type Store interface {
	// Origin returns the origin that Save counts for. It stays the same for as long as the file of the store
	// exists.
	Origin() Origin

	// Save merges a batch into the store, all of it or nothing.
	Save(ctx context.Context, b Batch) error

	// Import merges what other origins counted, and returns how many parts brought something new. Parts of the same
	// origin do not add up: of each count the greater number stays. So after an error the same parts may be
	// imported again.
	Import(ctx context.Context, parts iter.Seq2[Part, error]) (changed int, err error)

	// Entries yields the first limit hashes of the ranking by requests, then announces, then samples; all of them
	// if limit is 0. It reads one snapshot of the store in constant memory. The Parts of an Entry are valid until
	// the next one. An error ends the sequence.
	Entries(ctx context.Context, limit int) iter.Seq2[Entry, error]

	// Count returns how many hashes the store holds. It reads a whole index, so do not call it on every tick.
	Count(ctx context.Context) (int, error)

	// Peers yields the peers of a hash, the most recently seen first, at most limit of them, or all if limit is 0.
	Peers(ctx context.Context, hash [20]byte, limit int) iter.Seq2[Peer, error]

	// Nodes yields the DHT nodes that this origin knows, the most recently seen first; limit as for Peers.
	Nodes(ctx context.Context, limit int) iter.Seq2[Node, error]

	// State returns what this origin saved under the keys that start with prefix.
	State(ctx context.Context, prefix string) (map[string][]byte, error)

	// Watched returns the watch list of this origin, in the order in which its entries were added, and its last alerts.
	Watched(ctx context.Context) (Watched, error)

	// Trim deletes what k leaves no room for, for half a second at most, from what this origin saved and, in a file,
	// imported. The first ranks stay, and hashes that anybody may have made up go first. After an error or where the
	// time did not suffice the next call goes on.
	Trim(ctx context.Context, k Keep, now time.Time) (Trimmed, error)

	// Trouble returns why saved data has not reached its destination yet, with a remedy; nil if all is well.
	Trouble() error

	// Close writes back what it can and closes the store.
	Close() error
}

// Batch is what came since the last Save.
//
// A row of Hashes is a difference: its Requests, RawRequests, Maintenance, Announces, Samples and Tracked are added to the stored ones.
// Sources and Peers are totals, of which the greater number stays: distinct counts of two runs do not add up, as
// nobody knows what they have in common. If a row has a Sketch, it is merged with the stored one and Sources
// becomes the estimate of the union. FirstSeen and LastSeen widen. A Name, Seeds and PeersEstimate replace the
// stored ones unless they are "" and 0. The other fields of a row are not stored.
type Batch struct {
	Hashes []ledger.HashRow
	Peers  []Peer            // Announced and Found are added, times widen
	Nodes  []Node            // replace the stored node of the same address, except for FirstSeen
	State  map[string][]byte // by key; a nil value removes the key

	Watched *Watched // what has changed of the watch list; nil for nothing
}

// Empty reports whether the batch holds nothing.
func (b *Batch) Empty() bool {
	return len(b.Hashes)+len(b.Peers)+len(b.Nodes)+len(b.State) == 0 && b.Watched == nil
}

// Peer is one peer of one hash.
type Peer struct {
	InfoHash            [20]byte
	Addr                netip.AddrPort
	Announced           uint64 // announce_peer messages that named it
	Found               uint64 // lookups that found it
	FirstSeen, LastSeen time.Time
}

// Node is one node of the DHT.
type Node struct {
	ID                  [20]byte
	Addr                netip.AddrPort
	Client              string // printable; "" while unknown
	RTT                 time.Duration
	FirstSeen, LastSeen time.Time
}

// Config says which store to open.
type Config struct {
	URL      string          // "sqlite:PATH", or "postgres://..." in the form of libpq
	ReadOnly bool            // for SQLite: the file must exist, and must be writable only if its schema is old
	Spool    string          // for PostgreSQL: the SQLite file of this crawler's own counts; "" for a temporary one
	Device   *netbind.Device // for PostgreSQL: the network interface that it is reached by; nil for any

	// OnClock is told, for PostgreSQL, now and then what the clock of the server showed between sent and received. It must not
	// block. nil for nobody.
	OnClock func(theirs, sent, received time.Time, from net.Addr)
}

// IsPostgres reports whether a URL names a PostgreSQL database.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Open opens a store and brings its schema up to date. It creates a missing file, and missing directories with mode
// 0700, as the content tells what others ask for. A PostgreSQL server that cannot be reached is no error: see
// Trouble. The error is one line with a remedy, and wraps ErrNotStore, ErrNewer or ErrCorrupt where one of them is
// the reason.
func Open(ctx context.Context, c Config) (Store, error) {
	if IsPostgres(c.URL) {
		return openPostgres(ctx, c)
	}
	path, err := Path(c.URL)
	if err != nil {
		return nil, err
	}
	if c.ReadOnly {
		return openReadOnly(ctx, path)
	}
	return openSQLite(ctx, path, false)
}

// Rows yields the rows of Entries without the parts.
func Rows(ctx context.Context, s Store, limit int) iter.Seq2[ledger.HashRow, error] {
	return func(yield func(ledger.HashRow, error) bool) {
		for e, err := range s.Entries(ctx, limit) {
			if !yield(e.HashRow, err) {
				return
			}
		}
	}
}

// Top returns the rows of Rows as a slice.
func Top(ctx context.Context, s Store, limit int) ([]ledger.HashRow, error) {
	var top []ledger.HashRow
	for r, err := range Rows(ctx, s, limit) {
		if err != nil {
			return nil, err
		}
		top = append(top, r)
	}
	return top, nil
}

// millis and fromMillis convert a time to its column and back; the zero time is NULL.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func fromMillis(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}

func parseAddr(s string) (netip.AddrPort, error) {
	a, err := netip.ParseAddrPort(s)
	if err != nil {
		return a, fmt.Errorf("stored address %.64q is none: delete it from the store", s)
	}
	return a, nil
}
