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

// What becomes of a row that is there already.
const (
	mergeCommon = `(info_hash) DO UPDATE SET
			requests = requests + excluded.requests,
			announces = announces + excluded.announces,
			samples = samples + excluded.samples,
			sources = max(sources, excluded.sources),
			peers = max(peers, excluded.peers),` + mergeTimes

	mergeHash = mergeCommon + `,
			name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,
			repeats = repeats + excluded.repeats,
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

// unsent is what a save adds to the unsent column: a random number, so that no two states of a row that
// wait for the fleet look the same; nil where nothing waits. It may be added 2^31 times.
func (s *SQLite) unsent() driver.Value {
	if s.spool || s.pools.Load().sent {
		return 1 + rand.Int64N(1<<32)
	}
	return nil
}

// hash is a row of a batch on its way.
type hash struct {
	*ledger.Row
	sources int // with those of its stored sketch
}

var hashColumns = []column[hash]{
	{"info_hash", func(h *hash) driver.Value { return h.InfoHash[:] }},
	{"requests", func(h *hash) driver.Value { return integer(h.Requests) }},
	{"announces", func(h *hash) driver.Value { return integer(h.Announces) }},
	{"samples", func(h *hash) driver.Value { return integer(h.Samples) }},
	{"sources", func(h *hash) driver.Value { return integer(h.sources) }},
	{"peers", func(h *hash) driver.Value { return integer(h.Peers) }},
	{"first_seen", func(h *hash) driver.Value { return millis(h.FirstSeen) }},
	{"last_seen", func(h *hash) driver.Value { return millis(h.LastSeen) }},
	// These most rows have nothing in.
	{"name", func(h *hash) driver.Value { return h.Name }},
	{"repeats", func(h *hash) driver.Value { return integer(repeats(h.Row)) }},
	{"seeds", func(h *hash) driver.Value { return integer(h.Seeds) }},
	{"downloaders", func(h *hash) driver.Value { return integer(h.PeersEstimate) }},
}

// commonColumns is how many columns a row of hashColumns has that is common.
const commonColumns = 8

func (h *hash) common() bool {
	return h.Name == "" && h.RawRequests <= h.Requests && h.Seeds == 0 && h.PeersEstimate == 0
}

func (s *SQLite) saveHashes(ctx context.Context, r *raw, b *Batch) error {
	rows := make([]hash, len(b.Hashes))
	for i := range rows {
		rows[i] = hash{&b.Hashes[i], b.Hashes[i].Sources}
	}
	// In the order of the B-tree neighbours share its pages while they are in the cache.
	slices.SortFunc(rows, func(a, b hash) int { return bytes.Compare(a.InfoHash[:], b.InfoHash[:]) })
	unsent := s.unsent()
	if err := saveSketches(ctx, r, rows, unsent); err != nil {
		return err
	}
	var rest []hash
	common := slices.DeleteFunc(rows, func(h hash) bool {
		if h.common() {
			return false
		}
		rest = append(rest, h)
		return true
	})
	if err := insert(ctx, r, "hashes", hashColumns[:commonColumns], common, mergeCommon, unsent); err != nil {
		return err
	}
	return insert(ctx, r, "hashes", hashColumns, rest, mergeHash, unsent)
}

// repeats are the requests that a source made again within a minute.
func repeats(r *ledger.Row) uint64 { return r.RawRequests - min(r.Requests, r.RawRequests) }

// sketched is a hash with the sketch to store of it.
type sketched struct {
	*hash
	union string
}

var sketchColumns = []column[sketched]{
	{"info_hash", func(s *sketched) driver.Value { return s.InfoHash[:] }},
	{"sources", func(s *sketched) driver.Value { return []byte(s.union) }},
}

// saveSketches merges the sketches of rows with the stored ones, and gives the rows the sources that
// both have together.
func saveSketches(ctx context.Context, r *raw, rows []hash, unsent driver.Value) error {
	var with []sketched
	for i := range rows {
		if h := &rows[i]; h.Sketch != "" {
			with = append(with, sketched{h, h.Sketch})
		}
	}
	i, wanted := 0, with[:0] // shorter than what has been read of with
	err := ask(ctx, r, sketchColumns[:1], with, `SELECT EXISTS (SELECT 1 FROM hashes WHERE info_hash = fresh.info_hash),
			(SELECT sources FROM sketches WHERE info_hash = fresh.info_hash) FROM temp.fresh`,
		func(v []driver.Value) {
			s, known, stored := with[i], asInt(v[0]) > 0, string(asBytes(v[1]))
			i++
			if stored == s.Sketch || !known && s.Sources < sketchFrom {
				return
			}
			if stored != "" {
				var estimate int
				s.union, estimate = mergeSketches(stored, s.Sketch)
				s.sources = max(s.sources, estimate)
			}
			wanted = append(wanted, s)
		})
	if err != nil {
		return err
	}
	return insert(ctx, r, "sketches", sketchColumns, wanted, mergeSketch, unsent)
}

var peerColumns = []column[Peer]{
	{"info_hash", func(p *Peer) driver.Value { return p.InfoHash[:] }},
	{"address", func(p *Peer) driver.Value { return p.Addr.String() }},
	{"announced", func(p *Peer) driver.Value { return integer(p.Announced) }},
	{"found", func(p *Peer) driver.Value { return integer(p.Found) }},
	{"first_seen", func(p *Peer) driver.Value { return millis(p.FirstSeen) }},
	{"last_seen", func(p *Peer) driver.Value { return millis(p.LastSeen) }},
}

func (s *SQLite) savePeers(ctx context.Context, r *raw, b *Batch) error {
	peers := slices.Clone(b.Peers)
	slices.SortFunc(peers, func(a, b Peer) int {
		return cmp.Or(bytes.Compare(a.InfoHash[:], b.InfoHash[:]), a.Addr.Compare(b.Addr))
	})
	return insert(ctx, r, "seen_peers", peerColumns, peers, mergePeer, s.unsent())
}

var nodeColumns = []column[Node]{
	{"address", func(n *Node) driver.Value { return n.Addr.String() }},
	{"id", func(n *Node) driver.Value { return n.ID[:] }},
	{"client", func(n *Node) driver.Value { return n.Client }},
	{"rtt_ms", func(n *Node) driver.Value { return float64(n.RTT) / float64(time.Millisecond) }},
	{"first_seen", func(n *Node) driver.Value { return millis(n.FirstSeen) }},
	{"last_seen", func(n *Node) driver.Value { return millis(n.LastSeen) }},
}

func (s *SQLite) saveNodes(ctx context.Context, r *raw, b *Batch) error {
	return insert(ctx, r, "nodes", nodeColumns, b.Nodes, mergeNode, nil)
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
