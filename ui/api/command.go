package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dhtop/dhtcore"
)

// The measures of commands.
const (
	waitTimeout = time.Minute // for a lookup that a request waits for, as for one that the screen starts
	maxWaiting  = 32          // requests that wait at once
	maxRunning  = 30          // lookups that requests start and do not wait for
)

// waiting runs do for a request that waits for what it has started, at most for limit, or until its client leaves.
func (c *call) waiting(limit time.Duration, do func(ctx context.Context) error) error {
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	default:
		return problemf(http.StatusTooManyRequests, "%d requests wait for the network already: try again later, or do not wait", maxWaiting).with("Retry-After", "5")
	}
	control := http.NewResponseController(c.w)
	if err := errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Now().Add(limit+requestTimeout))); err != nil {
		return problemf(http.StatusInternalServerError, "this connection cannot wait: %s", err)
	}
	ctx, cancel := context.WithTimeout(c.Context(), limit)
	defer cancel()
	return do(ctx)
}

// mayStart returns why no further lookup may be started, nil if one may.
func (c *call) mayStart() error {
	running := 0
	for _, l := range c.explorer.Snapshot().Lookups {
		if !l.Done && l.Method != dhtcore.FindNode {
			running++
		}
	}
	if running < maxRunning {
		return nil
	}
	return problemf(http.StatusTooManyRequests, "%d lookups run already: try again when some have ended", running).with("Retry-After", "2")
}

// startProblem is the problem of a command that could not be started.
func startProblem(err error) error {
	if errors.Is(err, dhtcore.ErrNotRunning) {
		return problemf(http.StatusServiceUnavailable, "dhtop is about to start or to end: try again in a moment").with("Retry-After", "1")
	}
	return problemf(http.StatusConflict, "%s", err)
}

// torrent reads the hash of a body, which may be a magnet link, and takes in what else it says.
func (c *call) torrent(text string) (*dhtcore.Torrent, error) {
	if text == "" {
		return nil, badParam("info_hash", "info_hash is missing: pass a hash or a magnet link")
	}
	t, err := parseTorrent(text)
	if err != nil {
		return nil, badParam("info_hash", "info_hash: %s", err)
	}
	c.explorer.LearnTorrent(t)
	return t, nil
}

// started is the document of a command that goes on after its answer.
type started struct {
	InfoHashes []dhtcore.ID `json:"info_hashes"`
	See        string       `json:"see"` // the path that has the outcome
}

// accepted answers that a command was started.
func (c *call) accepted(hashes []dhtcore.ID, see string) (status int, document any) {
	c.w.Header().Set("Location", see)
	return http.StatusAccepted, started{hashes, see}
}
