package tally

import (
	"dhtop/dhtcore/items"
	"dhtop/dhtcore/peers"
)

// Kept is what this node holds for others.
type Kept struct {
	Swarms peers.Held // the peers of torrents that announced themselves here (BEP 5)
	Items  items.Held // the items that were put here (BEP 44)
}

// ExpireSteps are the times ahead for which Kept says what expires.
var ExpireSteps = peers.ExpireSteps

// The two packages look ahead equally far.
var _ = [1]struct{}{}[len(peers.ExpireSteps)-len(items.ExpireSteps)]
