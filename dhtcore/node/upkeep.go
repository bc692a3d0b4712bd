package node

import (
	"context"
	"sync"
	"time"
)

// The pace of the upkeep.
const (
	// upkeepPatience is how long a ping may wait for the governor and the reply. Without it pings would pile up
	// behind a low limit.
	upkeepPatience = 10 * time.Second
	upkeepEvery    = time.Second
	expireEvery    = time.Minute
	pingsATime     = 8 // nodes of the table, and as many unknown ones, a round
)

// upkeep pings the nodes of the table that have been silent and the unknown ones that queried us, and closes what
// has expired.
func (n *Node) upkeep(ctx context.Context) {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	expired := time.Now()
	var pings sync.WaitGroup
	defer pings.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			n.expireAbandoned(now)
			known, unknown := n.duePings(pingsATime, now)
			for i, c := range append(known, unknown...) {
				pings.Go(func() {
					ctx, cancel := context.WithTimeout(ctx, upkeepPatience)
					defer cancel()
					_, err := n.Ping(ctx, c) // the table learns the result
					if err == nil && i >= len(known) {
						n.queriedFirst(c, now)
					}
				})
			}
			if now.Sub(expired) >= expireEvery {
				n.cfg.Peers.Expire(now)
				expired = now
			}
		}
	}
}
