package store

import (
	"context"
	"database/sql/driver"
	"iter"
)

// Of each count of an origin the greater number stays, as counts only grow. So a file that is imported twice
// changes nothing, and a later export of the same store brings only what is new.
const (
	importPart = "INSERT INTO parts (info_hash, vantage, " + allColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (info_hash, vantage) DO UPDATE SET
			name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,` + mergeGreater +
		" WHERE " + anyGreater

	// importOwn is for parts of this very store, which an export brings back.
	importOwn = "INSERT INTO hashes (info_hash, " + allColumns + `, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ifnull(?, 0))
		ON CONFLICT (info_hash) DO UPDATE SET
			name = CASE name WHEN '' THEN excluded.name ELSE name END,
			unsent = unsent + excluded.unsent,` + mergeGreater +
		" WHERE " + anyGreater

	mergeGreater = `
			requests = max(requests, excluded.requests),
			repeats = max(repeats, excluded.repeats),
			maintenance = max(maintenance, excluded.maintenance),
			tracked = max(tracked, excluded.tracked),
			announces = max(announces, excluded.announces),
			samples = max(samples, excluded.samples),
			sources = max(sources, excluded.sources),
			peers = max(peers, excluded.peers),
			seeds = max(seeds, excluded.seeds),
			downloaders = max(downloaders, excluded.downloaders),` + mergeTimes

	anyGreater = `excluded.requests > requests OR excluded.repeats > repeats OR excluded.maintenance > maintenance OR excluded.announces > announces
			OR excluded.samples > samples OR excluded.tracked > tracked OR excluded.sources > sources OR excluded.peers > peers OR excluded.seeds > seeds
			OR excluded.downloaders > downloaders OR excluded.name <> '' AND name = ''
			OR ifnull(excluded.first_seen < ifnull(first_seen, 9e18), 0) OR ifnull(excluded.last_seen > ifnull(last_seen, -9e18), 0)`

	// sumOthers updates the other_* columns of a hash from its parts.
	sumOthers = `INSERT INTO hashes (info_hash, others, other_requests, other_announces, other_samples, other_tracked)
			SELECT info_hash, count(*), sum(requests), sum(announces), sum(samples), sum(tracked) FROM parts WHERE info_hash = ?
		ON CONFLICT (info_hash) DO UPDATE SET others = excluded.others, other_requests = excluded.other_requests,
			other_announces = excluded.other_announces, other_samples = excluded.other_samples,
			other_tracked = excluded.other_tracked`
)

// Import implements Store.
func (s *SQLite) Import(ctx context.Context, parts iter.Seq2[Part, error]) (changed int, err error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	p, err := s.reattach(ctx)
	if err != nil {
		return 0, err
	}
	var bad error // an error of the sequence, which is not about the store
	err = transact(ctx, p.write, "BEGIN IMMEDIATE", func(r *rawConn) error {
		unsent, err := s.unsent(r)
		if err != nil {
			return err
		}
		var into [3]*statement
		for i, query := range []string{importPart, importOwn, sumOthers} {
			if into[i], err = r.prepare(query); err != nil {
				return err
			}
		}
		changed, bad, err = s.importParts(ctx, into, parts, unsent)
		if err == nil {
			err = bad
		}
		return err
	})
	if bad != nil {
		return 0, bad
	}
	if err != nil {
		return 0, s.explain("write to", err)
	}
	return changed, nil
}

func (s *SQLite) importParts(ctx context.Context, into [3]*statement, parts iter.Seq2[Part, error],
	unsent driver.Value,
) (changed int, bad, err error) {
	i := 0
	for p, bad := range parts {
		if bad != nil {
			return 0, bad, nil
		}
		if i++; i%rowsPerStatement == 0 && ctx.Err() != nil {
			return 0, nil, ctx.Err()
		}
		n, err := s.importOne(into, &p, unsent)
		if err != nil {
			return 0, nil, err
		}
		changed += n
	}
	return changed, nil, nil
}

func (s *SQLite) importOne(into [3]*statement, p *Part, unsent driver.Value) (changed int, err error) {
	values := []driver.Value{cutName(p.Name), integer(p.Requests), integer(repeats(&p.HashRow)), integer(p.Announces), integer(p.Samples),
		integer(p.Sources), integer(p.Peers), integer(p.Seeds), integer(p.PeersEstimate), millis(p.FirstSeen), millis(p.LastSeen),
		integer(p.Maintenance), integer(p.Tracked)}
	if p.Origin == s.Origin() {
		n, err := into[1].exec(append(append([]driver.Value{p.InfoHash[:]}, values...), unsent)...)
		return int(n), err
	}
	n, err := into[0].exec(append([]driver.Value{p.InfoHash[:], p.Origin[:]}, values...)...)
	if err != nil || n == 0 {
		return 0, err
	}
	_, err = into[2].exec(p.InfoHash[:])
	return int(n), err
}
