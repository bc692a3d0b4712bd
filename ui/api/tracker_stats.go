package api

import (
	"bytes"
	"net/http"

	"dhtop/dhtcore"
	"dhtop/views/page"
	"dhtop/views/report"
)

// The torrents that the statistics of the tracker have.
const (
	mostTorrents  = dhtcore.MaxTracked
	usualTorrents = 500
	pageTorrents  = 100
)

func trackerStatsParams() []param {
	return []param{integer("limit", "how many torrents at most, those with the most peers first", 0, mostTorrents, usualTorrents)}
}

// trackerStats answers with the state of our tracker and its torrents.
func trackerStats(c *call) (status int, document any) {
	torrents, registered := c.explorer.TrackedTorrents(value[int](c, "limit"))
	return found(report.NewTrackerDocument(c.explorer.Snapshot().Tracker, torrents, registered, c.options))
}

// trackerPage is trackerStats for a browser.
func trackerPage(c *call) (status int, document any) {
	torrents, registered := c.explorer.TrackedTorrents(pageTorrents)
	var b bytes.Buffer
	if err := page.WriteTracker(&b, c.explorer.Snapshot(), torrents, registered, c.options); err != nil {
		return fail(problemf(http.StatusInternalServerError, "the page cannot be written: %s", err))
	}
	return found(webPage{page.TrackerPolicy(), b.Bytes()})
}
