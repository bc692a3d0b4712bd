package store

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"
)

// Import implements Store. Parts of our own origin go through the spool, as Save does.
func (pg *Postgres) Import(ctx context.Context, sequence iter.Seq2[Part, error]) (changed int, err error) {
	if err := pg.ensureSchema(ctx); err != nil {
		return 0, pg.explain("write to", err)
	}
	var own, theirs []Part
	for p, err := range sequence {
		if err != nil {
			return changed, err
		}
		if p.Origin == pg.Origin() {
			own = append(own, p)
		} else {
			theirs = append(theirs, p)
		}
		if len(own)+len(theirs) == maxChunk {
			n, err := pg.importSome(ctx, own, theirs)
			changed += n
			if err != nil {
				return changed, err
			}
			own, theirs = own[:0], theirs[:0]
		}
	}
	n, err := pg.importSome(ctx, own, theirs)
	return changed + n, err
}

func (pg *Postgres) importSome(ctx context.Context, own, theirs []Part) (changed int, err error) {
	var rows partColumns
	for _, p := range dedupParts(theirs) {
		rows.add(&p)
	}
	if changed, err = pg.write(ctx, &rows); err != nil || len(own) == 0 {
		return changed, pg.explain("write to", err)
	}
	n, err := pg.spool.Import(ctx, func(yield func(Part, error) bool) {
		for _, p := range own {
			if !yield(p, nil) {
				return
			}
		}
	})
	if err == nil {
		pg.sync(ctx, syncTime)
	}
	return changed + n, err
}

// dedupParts sorts parts by key, so that two imports of the same parts do not deadlock, and merges those with the
// same key, as one statement must not touch a row twice.
func dedupParts(parts []Part) []Part {
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(bytes.Compare(a.InfoHash[:], b.InfoHash[:]), bytes.Compare(a.Origin[:], b.Origin[:]))
	})
	one := parts[:0]
	for _, p := range parts {
		if n := len(one); n > 0 && one[n-1].InfoHash == p.InfoHash && one[n-1].Origin == p.Origin {
			one[n-1] = mergeParts(one[n-1], p)
		} else {
			one = append(one, p)
		}
	}
	return one
}

// mergeParts merges two states of the counts of one origin.
func mergeParts(a, b Part) Part {
	repeats := max(repeats(&a.HashRow), repeats(&b.HashRow))
	a.Name = cmp.Or(b.Name, a.Name)
	a.Requests = max(a.Requests, b.Requests)
	a.RawRequests = a.Requests + repeats
	a.Maintenance = max(a.Maintenance, b.Maintenance)
	a.Tracked = max(a.Tracked, b.Tracked)
	a.Announces, a.Samples = max(a.Announces, b.Announces), max(a.Samples, b.Samples)
	a.Sources, a.Peers = max(a.Sources, b.Sources), max(a.Peers, b.Peers)
	a.Seeds, a.PeersEstimate = max(a.Seeds, b.Seeds), max(a.PeersEstimate, b.PeersEstimate)
	a.FirstSeen, a.LastSeen = earlier(a.FirstSeen, b.FirstSeen), later(a.LastSeen, b.LastSeen)
	return a
}
