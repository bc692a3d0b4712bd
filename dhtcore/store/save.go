package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"math/rand/v2"
	"slices"
	"time"

	"dhtop/dhtcore/ledger"
)

const (
	// One row a statement: lists of 16 to 256 rows were no faster, nor was an update and then an insert.
	saveHash = `INSERT INTO hashes (info_hash, name, requests, repeats, announces, samples, sources, peers,
			seeds, downloaders, first_seen, last_seen, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (info_hash) DO UPDATE SET
			name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,
			requests = requests + excluded.requests,
			repeats = repeats + excluded.repeats,
			announces = announces + excluded.announces,
			samples = samples + excluded.samples,
			sources = max(sources, excluded.sources),
			peers = max(peers, excluded.peers),
			seeds = CASE excluded.seeds + excluded.downloaders WHEN 0 THEN seeds ELSE excluded.seeds END,
			downloaders = CASE excluded.seeds + excluded.downloaders WHEN 0 THEN downloaders ELSE excluded.downloaders END,
			first_seen = min(ifnull(first_seen, excluded.first_seen), ifnull(excluded.first_seen, first_seen)),
			last_seen = max(ifnull(last_seen, excluded.last_seen), ifnull(excluded.last_seen, last_seen)),
			unsent = unsent + excluded.unsent`

	savePeer = `INSERT INTO seen_peers (info_hash, address, announced, found, first_seen, last_seen, unsent)
			VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (info_hash, address) DO UPDATE SET
			announced = announced + excluded.announced,
			found = found + excluded.found,
			first_seen = min(ifnull(first_seen, excluded.first_seen), ifnull(excluded.first_seen, first_seen)),
			last_seen = max(ifnull(last_seen, excluded.last_seen), ifnull(excluded.last_seen, last_seen)),
			unsent = unsent + excluded.unsent`

	saveNode = `INSERT INTO nodes (address, id, client, rtt_ms, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET
			id = excluded.id,
			client = CASE excluded.client WHEN '' THEN client ELSE excluded.client END,
			rtt_ms = excluded.rtt_ms,
			first_seen = min(ifnull(first_seen, excluded.first_seen), ifnull(excluded.first_seen, first_seen)),
			last_seen = max(ifnull(last_seen, excluded.last_seen), ifnull(excluded.last_seen, last_seen))`

	// sketchFrom is from how many sources on the sketch of a new hash is kept: nine of ten hashes are asked
	// for by one, and would need as much room again. That of a known hash always is, so that the sources of
	// several runs add up.
	sketchFrom = 2
)

// Save implements Store.
func (s *SQLite) Save(ctx context.Context, b Batch) error {
	if b.Empty() {
		return nil
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	p, err := s.stay(ctx)
	if err != nil {
		return err
	}
	return s.explain("write", transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *raw) error {
		for _, save := range []func(context.Context, *raw, *Batch) error{s.saveHashes, s.savePeers, s.saveNodes, s.saveState} {
			if err := save(ctx, r, &b); err != nil {
				return err
			}
		}
		return nil
	}))
}

// lookUp is how many statements pass between two looks whether the context is over.
const lookUp = 1024

// unsent is what a save adds to the unsent column: a random number, so that no two states of a row that
// wait for the fleet look the same. It may be added 2^31 times.
func (s *SQLite) unsent() driver.Value {
	if s.spool {
		return 1 + rand.Int64N(1<<32)
	}
	return int64(0)
}

func (s *SQLite) saveHashes(ctx context.Context, r *raw, b *Batch) error {
	stmt, err := r.prepare(saveHash)
	if err != nil {
		return err
	}
	unsent := s.unsent()
	k, err := newSketches(r, unsent)
	if err != nil {
		return err
	}
	for i, row := range byKey(b.Hashes) {
		if i%lookUp == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		sources := row.Sources
		if keep, err := k.wanted(row); err != nil {
			return err
		} else if keep {
			if sources, err = k.merge(row); err != nil {
				return err
			}
		}
		if _, err := stmt.exec(row.InfoHash[:], row.Name, integer(row.Requests), integer(repeats(row)), integer(row.Announces),
			integer(row.Samples), integer(sources), integer(row.Peers), integer(row.Seeds), integer(row.PeersEstimate),
			millis(row.FirstSeen), millis(row.LastSeen), unsent); err != nil {
			return err
		}
	}
	return nil
}

// repeats are the requests that a source made again within a minute.
func repeats(r *ledger.Row) uint64 { return r.RawRequests - min(r.Requests, r.RawRequests) }

// byKey orders rows as the B-tree holds them, so that neighbours share its pages while they are in the cache.
func byKey(rows []ledger.Row) []*ledger.Row {
	sorted := make([]*ledger.Row, len(rows))
	for i := range rows {
		sorted[i] = &rows[i]
	}
	slices.SortFunc(sorted, func(a, b *ledger.Row) int { return bytes.Compare(a.InfoHash[:], b.InfoHash[:]) })
	return sorted
}

// sketches merges sketches of sources into the stored ones.
type sketches struct {
	known, read, write *statement
	unsent             driver.Value
}

func newSketches(r *raw, unsent driver.Value) (k sketches, err error) {
	if k.known, err = r.prepare("SELECT 1 FROM hashes WHERE info_hash = ?"); err != nil {
		return k, err
	}
	if k.read, err = r.prepare("SELECT sources FROM sketches WHERE info_hash = ?"); err != nil {
		return k, err
	}
	k.write, err = r.prepare(`INSERT INTO sketches (info_hash, sources, unsent) VALUES (?, ?, ?) ON CONFLICT (info_hash)
		DO UPDATE SET sources = excluded.sources, unsent = unsent + excluded.unsent`)
	k.unsent = unsent
	return k, err
}

// wanted tells whether the sketch of a row is to be kept.
func (k *sketches) wanted(row *ledger.Row) (bool, error) {
	if row.Sketch == "" || row.Sources >= sketchFrom {
		return row.Sketch != "", nil
	}
	known, err := k.known.one(row.InfoHash[:])
	return known != nil, err
}

// merge returns how many distinct sources the row and the store have together.
func (k *sketches) merge(row *ledger.Row) (sources int, err error) {
	stored, err := k.read.one(row.InfoHash[:])
	if err != nil {
		return 0, err
	}
	union, sources := row.Sketch, row.Sources
	if known := asBytes(stored); len(known) > 0 {
		if string(known) == row.Sketch {
			return sources, nil
		}
		var estimate int
		union, estimate = mergeSketches(string(known), row.Sketch)
		sources = max(sources, estimate)
	}
	_, err = k.write.exec(row.InfoHash[:], []byte(union), k.unsent)
	return sources, err
}

func (s *SQLite) savePeers(ctx context.Context, r *raw, b *Batch) error {
	stmt, err := r.prepare(savePeer)
	if err != nil {
		return err
	}
	peers := slices.Clone(b.Peers)
	slices.SortFunc(peers, func(a, b Peer) int {
		return cmp.Or(bytes.Compare(a.InfoHash[:], b.InfoHash[:]), a.Addr.Compare(b.Addr))
	})
	unsent := s.unsent()
	for i := range peers {
		p := &peers[i]
		if i%lookUp == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := stmt.exec(p.InfoHash[:], p.Addr.String(), integer(p.Announced), integer(p.Found),
			millis(p.FirstSeen), millis(p.LastSeen), unsent); err != nil {
			return err
		}
	}
	return nil
}

func (s *SQLite) saveNodes(_ context.Context, r *raw, b *Batch) error {
	stmt, err := r.prepare(saveNode)
	if err != nil {
		return err
	}
	for i := range b.Nodes {
		n := &b.Nodes[i]
		if _, err := stmt.exec(n.Addr.String(), n.ID[:], n.Client, float64(n.RTT)/float64(time.Millisecond),
			millis(n.FirstSeen), millis(n.LastSeen)); err != nil {
			return err
		}
	}
	return nil
}

func (s *SQLite) saveState(_ context.Context, r *raw, b *Batch) error {
	for key, value := range b.State {
		query, args := "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
			[]driver.Value{key, value}
		if value == nil {
			query, args = "DELETE FROM state WHERE key = ?", args[:1]
		}
		stmt, err := r.prepare(query)
		if err != nil {
			return err
		}
		if _, err := stmt.exec(args...); err != nil {
			return err
		}
	}
	return nil
}
