package api

import (
	"context"
	"net/http"
	"time"

	"dhtop/dhtcore"
)

// rankTimeout is how long a request waits for its ranking: others may rank before it.
const rankTimeout = 5 * time.Second

// ranking is what of a ranking passes the filter of a call.
type ranking struct {
	at   time.Time
	rows []dhtcore.HashRow
	more bool // there are more behind the rows
}

// ranked returns the ranking that a call asks for. after is its cursor, nil for none. The first rows by requests are at
// hand; all else looks at every hash.
func (c *call) ranked(o dhtcore.Order, after *cursor) (ranking, error) {
	filter, err := dhtcore.ParseHashFilter(value[string](c, "filter"))
	if err != nil {
		return ranking{}, badParam("filter", "filter: %s", err)
	}
	if s := c.explorer.Snapshot(); o == (dhtcore.Order{}) && filter == nil && after == nil {
		full := len(s.Hashes.Top) == dhtcore.MaxHashes
		if !full || value[int](c, "limit") <= len(s.Hashes.Top) {
			return ranking{s.At, s.Hashes.Top, full}, nil
		}
	}
	ctx, cancel := context.WithTimeout(c.Context(), rankTimeout)
	defer cancel()
	var since time.Time
	if after != nil {
		since = time.UnixMilli(after.At)
	}
	all, err := c.explorer.RankAll(ctx, o, since)
	if err != nil {
		return ranking{}, problemf(http.StatusServiceUnavailable, "too many ask for rankings: try again later").with("Retry-After", "2")
	}
	out := ranking{at: all.At}
	if filter == nil {
		out.rows = all.Rows
		return out, nil
	}
	row := dhtcore.RankedHash{At: all.At, Window: o.Window}
	var buf []byte
	for i := range all.Rows {
		if row.HashRow = &all.Rows[i]; filter.Match(&row, &buf) {
			out.rows = append(out.rows, all.Rows[i])
		}
	}
	return out, nil
}
