package api

import (
	"context"
	"net/http"
	"time"

	"dhtop/dhtcore"
)

// rankTimeout is how long a request waits for its ranking: others may rank before it.
const rankTimeout = 5 * time.Second

// ranked returns the rows of a ranking that pass the filter of the call, and when it was made. after is the cursor of the
// call, nil for none. The first rows by requests are at hand; all else looks at every hash.
func (c *call) ranked(o dhtcore.Order, after *cursor) (rows []dhtcore.HashRow, at time.Time, err error) {
	filter, err := dhtcore.ParseHashFilter(value[string](c, "filter"))
	if err != nil {
		return nil, at, badParam("filter", "filter: %s", err)
	}
	if s := c.explorer.Snapshot(); o == (dhtcore.Order{}) && filter == nil && after == nil &&
		value[int](c, "limit") < len(s.Hashes.Top) {
		return s.Hashes.Top, s.At, nil
	}
	ctx, cancel := context.WithTimeout(c.Context(), rankTimeout)
	defer cancel()
	var since time.Time
	if after != nil {
		since = time.UnixMilli(after.At)
	}
	all, err := c.explorer.RankAll(ctx, o, since)
	if err != nil {
		return nil, at, problemf(http.StatusServiceUnavailable, "too many ask for rankings: try again later").with("Retry-After", "2")
	}
	if filter == nil {
		return all.Rows, all.At, nil
	}
	row := dhtcore.RankedHash{At: all.At, Window: o.Window}
	var buf []byte
	for i := range all.Rows {
		if row.HashRow = &all.Rows[i]; filter.Match(&row, &buf) {
			rows = append(rows, all.Rows[i])
		}
	}
	return rows, all.At, nil
}
