package testnet

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// A Sybil ring: nodes of one party whose IDs are closer to the target than any honest node's. Each asks the nodes
// around the target about it, again and again, as any newcomer would. So they get to know it, and name it.
const (
	sybilBits       = 40 // that the ID of a Sybil shares with the target
	sybilNeighbours = 32 // honest nodes that each asks
	sybilAsks       = 5 * time.Second
)

// The sources of randomness of the incidents, each of its own.
const (
	ringSalt = 16 + iota
	floodSalt
	spikeSalt
)

// saltOf makes the randomness of an incident follow from the seed and the target.
func (n *Network) saltOf(i Incident, salt uint64) uint64 {
	return n.cfg.Seed + salt ^ binary.LittleEndian.Uint64(i.Target[:])
}

// prepareRing opens the sockets of a Sybil ring, in the IPv6 network too where there is one.
func (n *Network) prepareRing(g *incident) error {
	r := NewRand(n.saltOf(g.Incident, ringSalt))
	var ring [wire.Families][]*Hostile
	for family := range wire.Families {
		if !n.hasFamily(family) {
			continue
		}
		for range g.Count {
			id := DrawID(r)
			copy(id[:sybilBits/8], g.Target[:])
			l, err := n.open(g, family, id, r)
			if err != nil {
				return err
			}
			own := NewRand(r.Uint64())
			ring[family] = append(ring[family], NewHostile(id, l, func(wire.ID) wire.Contact {
				return ring[family][own.IntN(len(ring[family]))].Contact
			}))
		}
	}
	g.happens = func(ctx context.Context, running *sync.WaitGroup) {
		var answering sync.WaitGroup
		defer answering.Wait()
		for _, band := range ring {
			for _, h := range band {
				answering.Go(func() { h.Run(ctx) })
			}
		}
		n.introduce(ctx, &ring, g.Target)
	}
	return nil
}

// introduce lets the Sybils of a ring make themselves known until ctx ends.
func (n *Network) introduce(ctx context.Context, ring *[wire.Families][]*Hostile, target wire.ID) {
	q := wire.Query{Method: wire.FindNode, Target: target}
	for {
		for family, band := range ring {
			around := n.around(target, wire.Family(family))
			for _, h := range band {
				h.ask(q, around)
			}
		}
		if !pause.For(ctx, sybilAsks) {
			return
		}
	}
}

// around returns the members of a family that are closest to target and answer, and the guests.
func (n *Network) around(target wire.ID, family wire.Family) (contacts []wire.Contact) {
	c := n.Conditions()
	n.mu.Lock()
	defer n.mu.Unlock()
	near := n.nearest(target, family, sybilNeighbours, func(m *Member) bool { return m.link.role(&c) != silent })
	for _, m := range near {
		contacts = append(contacts, m.contactIn(family))
	}
	return append(contacts, n.guestsIn(family)...)
}
