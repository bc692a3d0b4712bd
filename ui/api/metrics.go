package api

import (
	"dhtop/ui/api/metrics"
)

import "net/http"

// showMetrics answers with all metrics.
func showMetrics(c *call) (status int, document any) {
	s := c.explorer.Snapshot()
	return http.StatusOK, stream(func(w http.ResponseWriter, _ *http.Request) {
		documentHeaders(w.Header(), metrics.Media)
		metrics.Write(w, s) //nolint:errcheck // the client may have gone
	})
}
