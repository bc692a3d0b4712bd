package api

import (
	"context"
	"sync"

	"dhtop/views/report"
)

// announceCommand is what POST /api/v1/announce takes.
type announceCommand struct {
	InfoHash string  `json:"info_hash"`        // in every form that people paste
	Port     *uint16 `json:"port"`             // on which the peer listens; 0 for the UDP port of this node
	Seeder   bool    `json:"seeder,omitempty"` // BEP 33
}

// announce announces a peer at this address to the nodes closest to a torrent's hashes, and answers when that is done.
func announce(c *call) (status int, document any) {
	var order announceCommand
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	t, err := c.torrent(order.InfoHash)
	if err == nil && order.Port == nil { // announcing a wrong peer is worse than announcing none
		err = badParam("port", "port is missing: pass the port on which the peer listens, or 0 for the port of this node")
	}
	if err != nil {
		return fail(err)
	}
	all := make([]report.Announce, len(t.Hashes))
	err = c.waiting(waitTimeout, func(ctx context.Context) error {
		var announces sync.WaitGroup
		for i, hash := range t.Hashes {
			announces.Go(func() {
				l := c.explorer.Announce(ctx, hash, *order.Port, order.Seeder)
				all[i] = report.NewAnnounce(&l, t, *order.Port, order.Seeder, c.options)
			})
		}
		announces.Wait()
		return nil
	})
	if err != nil {
		return fail(err)
	}
	ours := c.explorer.Snapshot().Nodes
	for i := range all {
		all[i].SetExternal(ours, c.options)
	}
	all[0].Also = all[1:]
	return found(all[0])
}
