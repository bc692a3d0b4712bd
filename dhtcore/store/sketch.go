package store

import (
	"context"
	"database/sql/driver"

	"github.com/axiomhq/hyperloglog"
)

// sketchRow is a hash of a batch with the sketch to be stored for it.
type sketchRow struct {
	*hashRow
	union string
}

var sketchColumns = []column[sketchRow]{
	{"info_hash", func(s *sketchRow) driver.Value { return s.InfoHash[:] }},
	{"sources", func(s *sketchRow) driver.Value { return []byte(s.union) }},
}

// add merges another sketch of the same hash.
func (s *sketchRow) add(sketch string) {
	union, estimate := mergeSketches(sketch, s.union)
	s.union, s.sources = union, max(s.sources, estimate)
}

// saveSketches merges the sketches of rows, which are sorted, with the stored ones, and sets the sources of each
// row to the estimate of the union.
func saveSketches(ctx context.Context, r *rawConn, rows []hashRow, unsent driver.Value) error {
	var with []sketchRow
	for i := range rows {
		switch h, n := &rows[i], len(with); {
		case h.sketch == "":
		case n > 0 && with[n-1].InfoHash == h.InfoHash: // it left memory and came back, so the batch has it twice
			with[n-1].add(h.sketch)
		default:
			with = append(with, sketchRow{h, h.sketch})
		}
	}
	i, wanted := 0, with[:0] // reuses with: it never grows beyond what has been read
	err := queryBatch(ctx, r, sketchColumns[:1], with, `SELECT EXISTS (SELECT 1 FROM hashes WHERE info_hash = batch.info_hash),
			(SELECT sources FROM sketches WHERE info_hash = batch.info_hash) FROM temp.batch`,
		func(v []driver.Value) {
			s, known, stored := with[i], asInt(v[0]) > 0, string(asBytes(v[1]))
			i++
			if stored == s.union || !known && s.sources < minSketchSources {
				return
			}
			if stored != "" {
				s.add(stored)
			}
			wanted = append(wanted, s)
		})
	if err != nil {
		return err
	}
	return upsert(ctx, r, "sketches", sketchColumns, wanted, mergeSketch, unsent)
}

// mergeInto merges a sketch in its binary form into union, which may be nil. It skips a sketch that is invalid or
// of another precision: the counts beside it must not be lost.
func mergeInto(union *hyperloglog.Sketch, binary string) *hyperloglog.Sketch {
	if binary == "" {
		return union
	}
	var s hyperloglog.Sketch
	if s.UnmarshalBinary([]byte(binary)) != nil {
		return union
	}
	if union == nil {
		return &s
	}
	union.Merge(&s) //nolint:errcheck // it refuses another precision before it changes anything
	return union
}

// mergeSketches returns the union of two sketches in their binary form, and its estimate.
func mergeSketches(a, b string) (binary string, estimate int) {
	union := mergeInto(mergeInto(nil, a), b)
	if union == nil {
		return "", 0
	}
	estimate = int(union.Estimate())
	if a == "" {
		return b, estimate
	}
	out, err := union.MarshalBinary()
	if err != nil {
		return b, estimate
	}
	return string(out), estimate
}
