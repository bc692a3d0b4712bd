package node

import (
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// scrapeValues is how many peers fit beside BEP 33's two filters into an answer of at most 1,200 bytes. The
// filters take 532, the longest list of nodes 316, the longest transaction ID 35 and the rest less than 95.
var scrapeValues = [wire.Families]int{
	wire.IPv4: 28, // 8 bytes each
	wire.IPv6: 10, // 21 bytes each
}

// answerScrape adds the filters of a swarm's seeds and of its other peers, if the store has the swarm (BEP 33).
func (n *Node) answerScrape(a *wire.Answer, hash wire.ID, family wire.Family, now time.Time) (ok bool) {
	room := &n.room
	if room.seeds, room.others, ok = n.cfg.Peers.Filters(hash, family, now); ok {
		a.SeedFilter, a.PeerFilter = room.seeds[:], room.others[:]
	}
	return ok
}

// crowded reports whether a has no room for the nodes of two families. BEP 33 asks for those of our own then.
func crowded(a *wire.Answer) bool {
	return a.SeedFilter != nil || a.Item != nil && a.Item.Value != nil
}

// An answer with an item stays under 1,400 bytes, which fit through all but the narrowest IPv6 tunnels. The value takes
// up to 1,000; the key, the signature and everything else but nodes up to 280.
const (
	maxItemAnswer  = 1400
	besidesInItems = 280
)

// nodesBeside returns how many nodes of a family fit into a: fewer than usual beside the largest items, whose finders
// need no further nodes.
func nodesBeside(a *wire.Answer, family wire.Family) int {
	if a.Item == nil {
		return table.K
	}
	return min((maxItemAnswer-besidesInItems-len(a.Item.Value))/family.ContactLen(), table.K)
}
