package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"math/bits"
	"slices"
	"time"

	"dhtop/dhtcore/ledger"
)

// A store that is larger than it may be deletes hashes in the order of their keys, a range a transaction, and comes
// back to the first range after the last. Keys are random, so a range is a sample of all. The first time round it
// deletes the hashes that were requested once, by an address that never proved itself, or announced to our tracker alone:
// anybody can make up any number of those. Where they are few, it goes on with the coldest of each range: see coldness. The first ledger.TopLen ranks
// stay.
//
// SQLite uses the freed pages again, so the file grows no further. It does not shrink; VACUUM does that.

// Keep is what a store may hold. The zero value is everything.
type Keep struct {
	Bytes int64         // that the content takes in the file, 0 for any number
	Age   time.Duration // since a hash was last seen, 0 for any time
}

// Trimmed is what Trim found and did.
type Trimmed struct {
	Bytes  int64 // that the content takes
	Hashes int   // that were deleted
}

const (
	// trimRange is how many hashes a transaction looks at, in some 20 ms, while a Save has to wait.
	trimRange = 4096
	// trimTime is how long a Trim deletes. The rest waits for the next.
	trimTime = 500 * time.Millisecond
	// trimShare is how much of a range goes where the coldest do: SQLite merges pages that are two thirds empty.
	trimShare = 0.75
	// trimWarmth is how much longer a hash is kept for each doubling of its sightings.
	trimWarmth = 7 * 24 * time.Hour
	// trimNodes is the age from which the nodes of a store that is too large go.
	trimNodes = 7 * 24 * time.Hour
)

// hand is the progress of Trim over the keys.
type hand struct {
	after   []byte // the last key that was looked at
	cold    bool   // whether the coldest go too
	looked  int    // hashes of this round
	lesser  int    // of them, those that went because they were lesser
	deleted int    // rows of all tables in this round
}

// trimRow is a hash that may go.
type trimRow struct {
	hash     [20]byte
	rank     rankKey
	lastSeen int64 // in milliseconds since 1970, 0 for unknown
	lesser   bool  // it was requested once, by an address that never proved itself, or is maintenance, or only our tracker knows it
}

// coldness orders hashes: the lowest goes first.
func (t *trimRow) coldness() int64 {
	const demandWeight = 8 // as the ledger's
	sightings := uint64(demandWeight*(t.rank[0]+t.rank[1]) + t.rank[3])
	return t.lastSeen + int64(bits.Len64(sightings))*trimWarmth.Milliseconds()
}

// Trim implements Store.
func (s *SQLite) Trim(ctx context.Context, k Keep, now time.Time) (Trimmed, error) {
	return s.trim(ctx, k, now, nil)
}

// trim is Trim, and calls thinned with each range of keys from which it deleted: those after the first and up to
// the second.
func (s *SQLite) trim(ctx context.Context, k Keep, now time.Time, thinned func(after, to []byte)) (done Trimmed, err error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	p, err := s.reattach(ctx)
	if err != nil {
		return done, err
	}
	end := time.Now().Add(s.trimFor)
	for first := true; ; first = false {
		if done.Bytes, err = s.inUse(ctx); err != nil {
			return done, err
		}
		over := k.Bytes > 0 && done.Bytes > k.Bytes
		if !over && (k.Age == 0 || !first) || time.Now().After(end) || ctx.Err() != nil {
			return done, nil
		}
		t := trimming{keep: k, over: over, now: now, hand: s.hand}
		err := transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *rawConn) error { return t.thin(ctx, r) })
		if err != nil {
			return done, s.explain("write to", err)
		}
		if done.Hashes += t.deleted; t.deleted > 0 && thinned != nil {
			thinned(s.hand.after, t.to)
		}
		if s.hand = t.hand; t.minimal {
			return done, nil
		}
	}
}

// inUse returns how many bytes of the file hold content.
func (s *SQLite) inUse(ctx context.Context) (n int64, err error) {
	err = s.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s")
		if err != nil {
			return err
		}
		v, err := stmt.one()
		n = int64(asUint(v))
		return err
	})
	return n, err
}

// trimming is the work on one range.
type trimming struct {
	keep Keep
	over bool // the store is larger than it may be
	now  time.Time
	hand hand // at the end of the range, after thin

	rows    []trimRow
	to      []byte // the last key of the range
	deleted int    // hashes
	minimal bool   // a whole round, in which the coldest go too, deleted nothing: only what has to stay is left
}

// afterAll follows every key.
var afterAll = bytes.Repeat([]byte{0xff}, 21)

// thin deletes what has to go from the next range.
func (t *trimming) thin(ctx context.Context, r *rawConn) error {
	last, lastHash, err := lastRanked(r)
	if err != nil {
		return err
	}
	after := append([]byte{}, t.hand.after...) // not nil, which would be NULL
	if err := t.read(ctx, r, after); err != nil {
		return err
	}
	t.to = afterAll
	if len(t.rows) == trimRange {
		t.to = bytes.Clone(t.rows[trimRange-1].hash[:])
	}
	median := t.medianSeen()
	inTop := func(w *trimRow) bool {
		c := slices.Compare(w.rank[:], last[:])
		return lastHash == nil || c > 0 || c == 0 && bytes.Compare(w.hash[:], lastHash) <= 0
	}
	looked := len(t.rows)
	bare, rest := t.choose(inTop)
	t.deleted = len(bare) + len(rest)
	if err := t.remove(ctx, r, bare, rest); err != nil {
		return err
	}
	t.hand.deleted += t.deleted
	if t.over && t.hand.cold {
		if err := t.removePeers(r, after, median); err != nil {
			return err
		}
	}
	t.advance(looked, len(bare))
	return nil
}

// lastRanked returns the rank and the hash at the end of the ranks that stay, nil if there are fewer hashes.
func lastRanked(r *rawConn) (last rankKey, hash []byte, err error) {
	stmt, err := r.prepare("SELECT requests + other_requests, announces + other_announces, tracked + other_tracked, samples + other_samples, info_hash FROM hashes" +
		orderByRank + " LIMIT 1 OFFSET ?")
	if err != nil {
		return last, nil, err
	}
	err = stmt.each(context.Background(), func(v []driver.Value) (bool, error) {
		for i := range last {
			last[i] = int64(asUint(v[i]))
		}
		hash = bytes.Clone(asBytes(v[len(last)]))
		return false, nil
	}, int64(ledger.TopLen-1))
	return last, hash, err
}

// read reads the rows of the range.
func (t *trimming) read(ctx context.Context, r *rawConn, after []byte) error {
	const columns = `info_hash, requests + other_requests, announces + other_announces, tracked + other_tracked, samples + other_samples,
		CASE others WHEN 0 THEN last_seen ELSE max(ifnull(last_seen, 0), (SELECT ifnull(max(p.last_seen), 0) FROM parts p WHERE p.info_hash = hashes.info_hash)) END,
		(unproven = 1 AND requests = 1 OR requests = 0 AND maintenance + tracked > 0) AND announces + samples + peers + seeds + downloaders + others = 0 AND name = ''`
	return r.eachRow(ctx, columns, "FROM hashes WHERE info_hash > ? ORDER BY info_hash LIMIT ?", func(v []driver.Value) (bool, error) {
		w := trimRow{lastSeen: int64(asUint(v[5])), lesser: asInt(v[6]) == 1}
		copy(w.hash[:], asBytes(v[0]))
		for i := range w.rank {
			w.rank[i] = int64(asUint(v[1+i]))
		}
		t.rows = append(t.rows, w)
		return true, nil
	}, after, int64(trimRange))
}

// medianSeen returns when half of the hashes were last seen before.
func (t *trimming) medianSeen() int64 {
	if len(t.rows) == 0 {
		return 0
	}
	seen := make([]int64, len(t.rows))
	for i := range t.rows {
		seen[i] = t.rows[i].lastSeen
	}
	slices.Sort(seen)
	return seen[len(seen)/2]
}

// choose returns the hashes that have to go: bare are those that no other table knows.
func (t *trimming) choose(inTop func(*trimRow) bool) (bare, rest []trimRow) {
	before := int64(0)
	if t.keep.Age > 0 {
		before = t.now.Add(-t.keep.Age).UnixMilli()
	}
	var others []trimRow
	for i := range t.rows {
		switch w := &t.rows[i]; {
		case inTop(w):
		case t.over && w.lesser:
			bare = append(bare, *w)
		case w.lastSeen > 0 && w.lastSeen < before:
			rest = append(rest, *w)
		default:
			others = append(others, *w)
		}
	}
	more := int(trimShare*float64(len(t.rows))) - len(bare) - len(rest)
	if !t.over || !t.hand.cold || more <= 0 {
		return bare, rest
	}
	slices.SortFunc(others, func(a, b trimRow) int { return cmp.Compare(a.coldness(), b.coldness()) })
	return bare, append(rest, others[:min(more, len(others))]...)
}

var trimColumns = []column[trimRow]{{"info_hash", func(w *trimRow) driver.Value { return w.hash[:] }}}

func (t *trimming) remove(ctx context.Context, r *rawConn, bare, rest []trimRow) error {
	for _, c := range []struct {
		table string
		rows  []trimRow
	}{{"hashes", bare}, {"hashes", rest}, {"parts", rest}, {"sketches", rest}, {"seen_peers", rest}} {
		query := "DELETE FROM " + c.table + " WHERE info_hash IN (SELECT info_hash FROM temp.batch)"
		if err := queryBatch(ctx, r, trimColumns, c.rows, query, func([]driver.Value) {}); err != nil {
			return err
		}
	}
	return nil
}

// removePeers deletes the peers of the range that were not seen since, and the nodes that nobody has seen for long.
func (t *trimming) removePeers(r *rawConn, after []byte, since int64) error {
	remove := func(what string, values ...driver.Value) error {
		stmt, err := r.prepare("DELETE FROM " + what)
		if err != nil {
			return err
		}
		n, err := stmt.exec(values...)
		t.hand.deleted += int(n)
		return err
	}
	err := remove("seen_peers WHERE info_hash > ? AND info_hash <= ? AND last_seen < ?", after, t.to, since)
	if err != nil || len(after) > 0 {
		return err
	}
	return remove("nodes WHERE last_seen < ?", t.now.Add(-trimNodes).UnixMilli())
}

// advance moves the hand past the range.
func (t *trimming) advance(looked, lesser int) {
	h := &t.hand
	h.after, h.looked, h.lesser = t.to, h.looked+looked, h.lesser+lesser
	if looked == trimRange {
		return
	}
	t.minimal = h.cold && h.deleted == 0
	*h = hand{cold: t.over && h.lesser < h.looked/8}
}
