package store

import (
	"bytes"
	"context"
	"database/sql"
	"iter"
	"slices"
	"time"

	"dhtop/dhtcore/ledger"
)

const (
	columns = "info_hash, name, requests, announces, samples, sources, peers, first_seen, last_seen"

	// One row a statement: lists of 16 to 256 rows were no faster.
	merge = "INSERT INTO hashes (" + columns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (info_hash) DO UPDATE SET
			name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,
			requests = requests + excluded.requests,
			announces = announces + excluded.announces,
			samples = samples + excluded.samples,
			sources = max(sources, excluded.sources),
			peers = max(peers, excluded.peers),
			first_seen = min(ifnull(first_seen, excluded.first_seen), ifnull(excluded.first_seen, first_seen)),
			last_seen = max(ifnull(last_seen, excluded.last_seen), ifnull(excluded.last_seen, last_seen))`

	ranked = " ORDER BY requests DESC, announces DESC, samples DESC, info_hash"
)

// Save merges rows into the store, all of them or none. A row is a difference: its Requests, Announces
// and Samples are those since the last Save, and are added to what is stored. Sources and Peers are
// the row's own totals and the greater number stays: distinct counts of two runs do not add up, as
// they do not tell whom they have in common, so these two are lower bounds. FirstSeen and LastSeen
// widen, and a Name replaces the stored one unless it is "". Rank and Trend are not kept.
func (s *Store) Save(ctx context.Context, rows []ledger.Row) error {
	if len(rows) == 0 {
		return nil
	}
	return s.explain("write", s.save(ctx, byKey(rows)))
}

func (s *Store) save(ctx context.Context, rows []*ledger.Row) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit
	stmt, err := tx.PrepareContext(ctx, merge)
	if err != nil {
		return err
	}
	defer stmt.Close() //nolint:errcheck // the transaction's end closes it too
	for _, r := range rows {
		if _, err := stmt.ExecContext(ctx, r.InfoHash[:], r.Name, r.Requests, r.Announces, r.Samples,
			r.Sources, r.Peers, millis(r.FirstSeen), millis(r.LastSeen)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// byKey orders rows as the B-tree holds them, so that neighbours share its pages while they are in the cache.
func byKey(rows []ledger.Row) []*ledger.Row {
	sorted := make([]*ledger.Row, len(rows))
	for i := range rows {
		sorted[i] = &rows[i]
	}
	slices.SortFunc(sorted, func(a, b *ledger.Row) int { return bytes.Compare(a.InfoHash[:], b.InfoHash[:]) })
	return sorted
}

// Top returns the first limit rows of the ranking by requests, then announces, then samples, with
// their Rank; all of them when limit is 0.
func (s *Store) Top(ctx context.Context, limit int) ([]ledger.Row, error) {
	var top []ledger.Row
	for r, err := range s.Rows(ctx, limit) {
		if err != nil {
			return nil, err
		}
		top = append(top, r)
	}
	return top, nil
}

// Rows yields what Top returns, one row at a time and at one moment's state, in constant memory. An
// error ends the sequence.
func (s *Store) Rows(ctx context.Context, limit int) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		if limit <= 0 {
			limit = -1 // SQLite's "no limit"
		}
		rows, err := s.read.QueryContext(ctx, "SELECT "+columns+" FROM hashes"+ranked+" LIMIT ?", limit)
		if err != nil {
			yield(ledger.Row{}, s.explain("read", err))
			return
		}
		defer rows.Close() //nolint:errcheck // rows.Err has told
		for rank := 1; rows.Next(); rank++ {
			r := ledger.Row{Rank: rank}
			if err := scan(rows, &r); err != nil {
				yield(ledger.Row{}, s.explain("read", err))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(ledger.Row{}, s.explain("read", err))
		}
	}
}

// Count returns how many hashes the store holds. It reads the whole key index: not for every tick.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT count(*) FROM hashes").Scan(&n)
	return n, s.explain("read", err)
}

func scan(rows *sql.Rows, r *ledger.Row) error {
	var hash sql.RawBytes
	var first, last sql.NullInt64
	err := rows.Scan(&hash, &r.Name, &r.Requests, &r.Announces, &r.Samples, &r.Sources, &r.Peers, &first, &last)
	copy(r.InfoHash[:], hash)
	r.FirstSeen, r.LastSeen = moment(first), moment(last)
	return err
}

// millis and moment are the two directions of a stored time; the zero time is NULL.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func moment(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
