package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"time"

	"dhtop/dhtcore/ledger"
)

// What an upsert does with an existing row, in CASE, as max() is a function call and takes longer.
const (
	mergeCommon = `(info_hash) DO UPDATE SET
			requests = requests + excluded.requests,
			announces = announces + excluded.announces,
			samples = samples + excluded.samples,
			sources = CASE WHEN excluded.sources > sources THEN excluded.sources ELSE sources END,
			peers = CASE WHEN excluded.peers > peers THEN excluded.peers ELSE peers END,
			unproven = CASE WHEN excluded.unproven < unproven THEN excluded.unproven ELSE unproven END,` + mergeTimes

	mergeHash = mergeCommon + `,
			name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,
			repeats = repeats + excluded.repeats,
			maintenance = maintenance + excluded.maintenance,
			tracked = tracked + excluded.tracked,
			seeds = CASE excluded.seeds + excluded.downloaders WHEN 0 THEN seeds ELSE excluded.seeds END,
			downloaders = CASE excluded.seeds + excluded.downloaders WHEN 0 THEN downloaders ELSE excluded.downloaders END`

	mergeSketch = "(info_hash) DO UPDATE SET sources = excluded.sources"

	mergePeer = `(info_hash, address) DO UPDATE SET
			announced = announced + excluded.announced,
			found = found + excluded.found,` + mergeTimes

	mergeNode = `(address) DO UPDATE SET
			id = excluded.id,
			client = CASE excluded.client WHEN '' THEN client ELSE excluded.client END,
			rtt_ms = excluded.rtt_ms,` + mergeTimes

	mergeTimes = `
			first_seen = CASE WHEN first_seen IS NULL OR excluded.first_seen < first_seen THEN excluded.first_seen ELSE first_seen END,
			last_seen = CASE WHEN last_seen IS NULL OR excluded.last_seen > last_seen THEN excluded.last_seen ELSE last_seen END`

	// minSketchSources is how many sources a new hash must have for its sketch to be stored: nine of ten hashes
	// have one, and would take as much room again. Every further sketch is stored, so that the sources of several
	// runs add up.
	minSketchSources = 2
)

// Save implements Store.
func (s *SQLite) Save(ctx context.Context, b Batch) error {
	if b.Empty() {
		return nil
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	p, err := s.reattach(ctx)
	if err != nil {
		return err
	}
	return s.explain("write to", transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *rawConn) error {
		unsent, err := s.unsent(r)
		if err != nil {
			return err
		}
		for _, save := range []func(context.Context, *rawConn, *Batch, driver.Value) error{saveHashes, savePeers, saveNodes, saveState, saveWatched} {
			if err := save(ctx, r, &b, unsent); err != nil {
				return err
			}
		}
		return nil
	}))
}

// unsent returns what a save adds to the unsent column, or nil if the file is not a spool. It is random, so that no
// two states of a row that waits for PostgreSQL look the same, and small enough to be added 2^31 times.
func (s *SQLite) unsent(r *rawConn) (driver.Value, error) {
	if !s.spool {
		// Another process may have made the file a spool.
		stmt, err := r.prepare("SELECT EXISTS (SELECT 1 FROM state WHERE key IN (?, ?))")
		if err != nil {
			return nil, err
		}
		if spool, err := stmt.one(syncedState, resyncState); err != nil || asInt(spool) == 0 {
			return nil, err
		}
	}
	return 1 + rand.Int64N(1<<32), nil
}

// hashRow is a row of a batch that is being saved.
type hashRow struct {
	*ledger.HashRow
	sources int // with the stored sketch merged

	// Copied here, because the row is no longer in the CPU cache when they are needed.
	first  uint64 // bytes of the info_hash
	sketch string
	common bool
}

var hashColumns = []column[hashRow]{
	{"info_hash", func(h *hashRow) driver.Value { return h.InfoHash[:] }},
	{"requests", func(h *hashRow) driver.Value { return integer(h.Requests) }},
	{"announces", func(h *hashRow) driver.Value { return integer(h.Announces) }},
	{"samples", func(h *hashRow) driver.Value { return integer(h.Samples) }},
	{"sources", func(h *hashRow) driver.Value { return integer(h.sources) }},
	{"peers", func(h *hashRow) driver.Value { return integer(h.Peers) }},
	{"first_seen", func(h *hashRow) driver.Value { return millis(h.FirstSeen) }},
	{"last_seen", func(h *hashRow) driver.Value { return millis(h.LastSeen) }},
	{"unproven", func(h *hashRow) driver.Value { return flag(h.Unproven) }},
	// The columns from here on are empty in most rows.
	{"name", func(h *hashRow) driver.Value { return cutName(h.Name) }},
	{"repeats", func(h *hashRow) driver.Value { return integer(repeats(h.HashRow)) }},
	{"maintenance", func(h *hashRow) driver.Value { return integer(h.Maintenance) }},
	{"tracked", func(h *hashRow) driver.Value { return integer(h.Tracked) }},
	{"seeds", func(h *hashRow) driver.Value { return integer(h.Seeds) }},
	{"downloaders", func(h *hashRow) driver.Value { return integer(h.PeersEstimate) }},
}

func flag(set bool) driver.Value {
	if set {
		return int64(1)
	}
	return int64(0)
}

// numCommon is how many of hashColumns a common row needs.
const numCommon = 9

// isCommon reports whether a row has nothing but the first numCommon columns.
func isCommon(r *ledger.HashRow) bool {
	return r.Name == "" && r.RawRequests <= r.Requests && r.Maintenance == 0 && r.Tracked == 0 && r.Seeds == 0 && r.PeersEstimate == 0
}

func saveHashes(ctx context.Context, r *rawConn, b *Batch, unsent driver.Value) error {
	rows := make([]hashRow, len(b.Hashes))
	for i := range rows {
		row := &b.Hashes[i]
		rows[i] = hashRow{row, row.Sources, binary.BigEndian.Uint64(row.InfoHash[:]), row.Sketch, isCommon(row)}
	}
	// In the order of the B-tree, neighbours share pages while these are in the cache.
	slices.SortFunc(rows, func(a, b hashRow) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return bytes.Compare(a.InfoHash[:], b.InfoHash[:])
	})
	if err := saveSketches(ctx, r, rows, unsent); err != nil {
		return err
	}
	var rest []hashRow
	most := slices.DeleteFunc(rows, func(h hashRow) bool {
		if h.common {
			return false
		}
		rest = append(rest, h)
		return true
	})
	if err := upsert(ctx, r, "hashes", hashColumns[:numCommon], most, mergeCommon, unsent); err != nil {
		return err
	}
	return upsert(ctx, r, "hashes", hashColumns, rest, mergeHash, unsent)
}

// repeats returns the requests that a source repeated within a minute.
func repeats(r *ledger.HashRow) uint64 { return r.RawRequests - min(r.Requests, r.RawRequests) }

var peerColumns = []column[Peer]{
	{"info_hash", func(p *Peer) driver.Value { return p.InfoHash[:] }},
	{"address", func(p *Peer) driver.Value { return p.Addr.String() }},
	{"announced", func(p *Peer) driver.Value { return integer(p.Announced) }},
	{"found", func(p *Peer) driver.Value { return integer(p.Found) }},
	{"first_seen", func(p *Peer) driver.Value { return millis(p.FirstSeen) }},
	{"last_seen", func(p *Peer) driver.Value { return millis(p.LastSeen) }},
}

func savePeers(ctx context.Context, r *rawConn, b *Batch, unsent driver.Value) error {
	peers := slices.Clone(b.Peers)
	slices.SortFunc(peers, func(a, b Peer) int {
		return cmp.Or(bytes.Compare(a.InfoHash[:], b.InfoHash[:]), a.Addr.Compare(b.Addr))
	})
	return upsert(ctx, r, "seen_peers", peerColumns, peers, mergePeer, unsent)
}

var nodeColumns = []column[Node]{
	{"address", func(n *Node) driver.Value { return n.Addr.String() }},
	{"id", func(n *Node) driver.Value { return n.ID[:] }},
	{"client", func(n *Node) driver.Value { return n.Client }},
	{"rtt_ms", func(n *Node) driver.Value { return float64(n.RTT) / float64(time.Millisecond) }},
	{"first_seen", func(n *Node) driver.Value { return millis(n.FirstSeen) }},
	{"last_seen", func(n *Node) driver.Value { return millis(n.LastSeen) }},
}

func saveNodes(ctx context.Context, r *rawConn, b *Batch, _ driver.Value) error {
	return upsert(ctx, r, "nodes", nodeColumns, b.Nodes, mergeNode, nil)
}

func saveState(_ context.Context, r *rawConn, b *Batch, _ driver.Value) error {
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
