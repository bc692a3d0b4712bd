package store

import (
	"context"
	"database/sql/driver"
	"iter"
	"strings"
	"time"

	"dhtop/dhtcore/ledger"
)

const (
	// allColumns are the columns that hashes and parts have in common, in the order of scan.
	allColumns   = "name, " + countColumns
	countColumns = "requests, repeats, announces, samples, sources, peers, seeds, downloaders, first_seen, last_seen, maintenance, tracked"

	// Reading a column costs time too. So the columns that are empty in most rows are read only if hasRare is not
	// 0.
	commonColumns = "requests, announces, samples, sources, peers, first_seen, last_seen"
	hasRare       = "(others + repeats + maintenance + tracked + seeds + downloaders + (octet_length(name) > 0))"

	orderByRank = " ORDER BY requests + other_requests DESC, announces + other_announces DESC, tracked + other_tracked DESC, samples + other_samples DESC, info_hash"
)

// scan reads allColumns.
func scan(v []driver.Value, r *ledger.HashRow) {
	r.Name = asText(v[0])
	r.Requests = asUint(v[1])
	r.RawRequests = r.Requests + asUint(v[2])
	r.Announces, r.Samples = asUint(v[3]), asUint(v[4])
	r.Sources, r.Peers, r.Seeds, r.PeersEstimate = asInt(v[5]), asInt(v[6]), asInt(v[7]), asInt(v[8])
	r.FirstSeen, r.LastSeen = asTime(v[9]), asTime(v[10])
	r.Tracked = asUint(v[12])
	setMaintenance(r, asUint(v[11]))
}

// setMaintenance sets the Maintenance of what one origin counted. The stored number only grows: once the hash turned out
// to be real, the requests that it counted are in Requests as well.
func setMaintenance(r *ledger.HashRow, stored uint64) {
	if r.Maintenance = stored; !r.OnlyMaintenance() {
		r.Maintenance = 0
	}
}

// scanCommon reads commonColumns.
func scanCommon(v []driver.Value, r *ledger.HashRow) {
	r.Requests, r.Announces, r.Samples, r.Sources, r.Peers = asUint(v[0]), asUint(v[1]), asUint(v[2]), asInt(v[3]), asInt(v[4])
	r.FirstSeen, r.LastSeen = asTime(v[5]), asTime(v[6])
	r.RawRequests = r.Requests
}

func asTime(v driver.Value) time.Time {
	ms, ok := v.(int64)
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// readTx runs do in a transaction that sees one snapshot.
func (s *SQLite) readTx(ctx context.Context, do func(*rawConn) error) error {
	return s.explain("read", transact(ctx, s.pools.Load().read, "BEGIN", do))
}

// sequence makes an iterator of a function that calls yield with each value. An error of that function ends the
// iteration.
func sequence[T any](produce func(yield func(T) (more bool)) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		stopped := false
		err := produce(func(v T) bool {
			stopped = !yield(v, nil)
			return !stopped
		})
		if err != nil && !stopped {
			var none T
			yield(none, err)
		}
	}
}

// limitArg turns 0 into the "no limit" of SQLite.
func limitArg(limit int) driver.Value {
	if limit <= 0 {
		return int64(-1)
	}
	return int64(limit)
}

// Entries implements Store.
func (s *SQLite) Entries(ctx context.Context, limit int) iter.Seq2[Entry, error] {
	return sequence(func(yield func(Entry) bool) error {
		return s.readTx(ctx, func(r *rawConn) error {
			o, err := newPartReader(r)
			if err != nil {
				return err
			}
			e, rank, origin := Entry{}, 0, s.Origin()
			const columns = "info_hash, " + commonColumns + ", " + hasRare + " <> 0"
			const rest = "FROM hashes INDEXED BY hashes_by_rank" + orderByRank + " LIMIT ?"
			return r.eachRow(ctx, columns, rest, func(v []driver.Value) (bool, error) {
				own := Part{Origin: origin}
				copy(own.InfoHash[:], asBytes(v[0]))
				scanCommon(v[1:], &own.HashRow)
				e.Parts = append(e.Parts[:0], own)
				if asInt(v[len(v)-1]) > 0 {
					if err := o.add(ctx, &e.Parts); err != nil {
						return false, err
					}
				}
				if len(e.Parts) == 0 { // somebody deleted the imported parts
					return true, nil
				}
				rank++
				e.HashRow = sumParts(e.Parts)
				e.Rank = rank
				return yield(e), nil
			}, limitArg(limit))
		})
	})
}

// partReader reads what a hash has beyond commonColumns: the rare columns and the parts of other origins.
type partReader struct{ own, parts *statement }

func newPartReader(r *rawConn) (o partReader, err error) {
	if o.own, err = r.prepare("SELECT others, " + readColumns + `, CASE WHEN others > 0 THEN
		(SELECT ` + bounded("sources", maxSketch, "NULL") + ` FROM sketches WHERE info_hash = hashes.info_hash) END FROM hashes WHERE info_hash = ?`); err != nil {
		return o, err
	}
	o.parts, err = r.prepare("SELECT vantage, " + readColumns + " FROM parts WHERE info_hash = ? ORDER BY vantage")
	return o, err
}

// add completes our own part, or drops it if we never saw the hash, and appends the parts of other origins.
func (o *partReader) add(ctx context.Context, parts *[]Part) error {
	own := &(*parts)[0]
	hash, n := own.InfoHash, 0
	if err := o.own.each(ctx, func(v []driver.Value) (bool, error) {
		n = asInt(v[0])
		scan(v[1:], &own.HashRow)
		own.Sketch = string(asBytes(v[len(v)-1]))
		return false, nil
	}, hash[:]); err != nil || n == 0 {
		return err
	}
	if own.empty() {
		*parts = (*parts)[:0]
	}
	return o.parts.each(ctx, func(v []driver.Value) (bool, error) {
		p := Part{HashRow: ledger.HashRow{InfoHash: hash}}
		copy(p.Origin[:], asBytes(v[0]))
		scan(v[1:], &p.HashRow)
		*parts = append(*parts, p)
		return true, nil
	}, hash[:])
}

func (p *Part) empty() bool {
	return p.Requests+p.RawRequests+p.Maintenance+p.Announces+p.Samples+p.Tracked == 0 && p.Sources+p.Peers+p.Seeds+p.PeersEstimate == 0 &&
		p.Name == "" && p.FirstSeen.IsZero() && p.LastSeen.IsZero()
}

// Count implements Store.
func (s *SQLite) Count(ctx context.Context) (n int, err error) {
	err = s.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT count(*) FROM hashes")
		if err != nil {
			return err
		}
		v, err := stmt.one()
		n = asInt(v)
		return err
	})
	return n, err
}

// Peers implements Store.
func (s *SQLite) Peers(ctx context.Context, hash [20]byte, limit int) iter.Seq2[Peer, error] {
	return sequence(func(yield func(Peer) bool) error {
		return s.readTx(ctx, func(r *rawConn) error {
			stmt, err := r.prepare(`SELECT address, announced, found, first_seen, last_seen FROM seen_peers
				WHERE info_hash = ? AND ` + shortAddress + ` ORDER BY last_seen DESC, address LIMIT ?`)
			if err != nil {
				return err
			}
			return stmt.each(ctx, func(v []driver.Value) (bool, error) {
				p := Peer{InfoHash: hash, Announced: asUint(v[1]), Found: asUint(v[2]), FirstSeen: asTime(v[3]), LastSeen: asTime(v[4])}
				var err error
				if p.Addr, err = parseAddr(asText(v[0])); err != nil {
					return false, err
				}
				return yield(p), nil
			}, hash[:], limitArg(limit))
		})
	})
}

// Nodes implements Store.
func (s *SQLite) Nodes(ctx context.Context, limit int) iter.Seq2[Node, error] {
	return sequence(func(yield func(Node) bool) error {
		return s.readTx(ctx, func(r *rawConn) error {
			stmt, err := r.prepare("SELECT address, id, " + bounded("client", maxClient, "''") + ", rtt_ms, first_seen, last_seen FROM nodes WHERE " +
				shortAddress + " AND octet_length(id) <= 20 ORDER BY last_seen DESC, address LIMIT ?")
			if err != nil {
				return err
			}
			return stmt.each(ctx, func(v []driver.Value) (bool, error) {
				rtt, _ := v[3].(float64)
				n := Node{Client: asText(v[2]), RTT: time.Duration(rtt * float64(time.Millisecond)), FirstSeen: asTime(v[4]), LastSeen: asTime(v[5])}
				copy(n.ID[:], asBytes(v[1]))
				var err error
				if n.Addr, err = parseAddr(asText(v[0])); err != nil {
					return false, err
				}
				return yield(n), nil
			}, limitArg(limit))
		})
	})
}

// State implements Store.
func (s *SQLite) State(ctx context.Context, prefix string) (map[string][]byte, error) {
	state := map[string][]byte{}
	err := s.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT key, value FROM state WHERE key >= ? AND " + shortState + " ORDER BY key")
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			key := asText(v[0])
			if !strings.HasPrefix(key, prefix) {
				return false, nil
			}
			state[key] = asBytes(v[1])
			return true, nil
		}, prefix)
	})
	return state, err
}
