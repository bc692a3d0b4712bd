package api

import (
	"context"
	"net/http"
	"sync"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// hashCommand is what commands about one torrent take.
type hashCommand struct {
	InfoHash string `json:"info_hash"`      // in every form that people paste
	Wait     bool   `json:"wait,omitempty"` // answer when it is done, with its outcome
}

// hashCommand reads a command about one torrent, which may be carried out.
func (c *call) hashCommand() (t *dhtcore.Torrent, wait bool, err error) {
	var order hashCommand
	if err = c.decode(&order); err != nil {
		return nil, false, err
	}
	if t, err = c.torrent(order.InfoHash); err == nil && !order.Wait {
		err = c.mayStart()
	}
	return t, order.Wait, err
}

// startLookup starts a lookup of the peers of a torrent, under each of its hashes.
func startLookup(c *call) (status int, document any) {
	t, wait, err := c.hashCommand()
	if err != nil {
		return fail(err)
	}
	if wait {
		runs := make([]report.LookupRun, len(t.Hashes))
		err := c.waiting(waitTimeout, func(ctx context.Context) error {
			var all sync.WaitGroup
			for i, hash := range t.Hashes {
				all.Go(func() {
					state := c.explorer.Lookup(ctx, hash)
					runs[i] = report.NewLookupRun(&state, c.explorer.Snapshot().Metadata, c.options)
				})
			}
			all.Wait()
			return nil
		})
		if err != nil {
			return fail(err)
		}
		return found(runs)
	}
	for _, hash := range t.Hashes {
		if err := c.explorer.StartLookup(hash); err != nil {
			return fail(startProblem(err))
		}
	}
	return c.accepted(t.Hashes, "/api/v1/lookups?info_hash="+t.Hashes[0].String())
}

// fetchName fetches the name of a torrent from its peers (BEP 9).
func fetchName(c *call) (status int, document any) {
	t, wait, err := c.hashCommand()
	if err != nil {
		return fail(err)
	}
	hash := t.Hashes[0]
	if !wait {
		if err := c.explorer.StartFetchName(hash); err != nil {
			return fail(startProblem(err))
		}
		return c.accepted(t.Hashes[:1], "/api/v1/hashes/"+hash.String())
	}
	var info dhtcore.MetadataInfo
	err = c.waiting(waitTimeout, func(ctx context.Context) error {
		var err error
		if info, err = c.explorer.FetchName(ctx, hash, 0); err != nil {
			return problemf(http.StatusGatewayTimeout, "%s", c.options.Text(err.Error()))
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	return found(report.NewNamedHash(hash, &info, c.options))
}

// scrapeCommand is what POST /api/v1/trackers takes.
type scrapeCommand struct {
	InfoHash string `json:"info_hash"` // a magnet link that names trackers, or the hash of one that was named before
}

// scrapeTrackers asks the trackers of a torrent for the counts of its swarm.
func scrapeTrackers(c *call) (status int, document any) {
	var order scrapeCommand
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	t, err := c.torrent(order.InfoHash)
	if err != nil {
		return fail(err)
	}
	hash := t.Hashes[0]
	if s, err := c.look(hash); err != nil {
		return fail(err)
	} else if len(s.Trackers[hash].Known) == 0 {
		return fail(badParam("info_hash", "no tracker of this hash is known: pass a magnet link that names some (&tr=)"))
	}
	if _, err := c.explorer.StartScrape(hash); err != nil {
		return fail(startProblem(err))
	}
	return c.accepted(t.Hashes[:1], "/api/v1/trackers?info_hash="+hash.String())
}
