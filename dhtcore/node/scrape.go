package node

import (
	"time"

	"dhtop/dhtcore/wire"
)

// answerScrape adds the filters of a swarm's seeds and of its other peers, if the store has the swarm (BEP 33).
func (r *reader) answerScrape(a *wire.Answer, hash wire.ID, family wire.Family, now time.Time) {
	room, ok := &r.room, false
	if room.seeds, room.others, ok = r.cfg.Peers.Filters(hash, family, now); ok {
		a.SeedFilter, a.PeerFilter = room.seeds[:], room.others[:]
	}
}

// crowded reports whether a has no room for the nodes of two families. BEP 33 asks for those of our own then.
func crowded(a *wire.Answer) bool {
	return a.SeedFilter != nil || a.Item != nil && a.Item.Value != nil
}
