package tracker

import (
	"math"
	"net/netip"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// Event is what an announce says has happened.
type Event uint8

// The events.
const (
	None Event = iota
	Completed
	Started
	Stopped
	Paused // a partial seed (BEP 21)
)

// How many peers an announce is told of.
const (
	defaultWant = 50
	maxWant     = 200
)

// unknownLeft is the Left of a peer that does not know what it lacks, or does not say.
const unknownLeft = math.MaxUint64

// Request is an announce, however it came.
type Request struct {
	Hash   wire.ID
	PeerID [20]byte
	Source netip.AddrPort // the address that it came from, with the port that it announced
	Left   uint64         // bytes that it lacks
	Event  Event
	Want   int // negative for the default

	// Named is the address of each family that it names as its own, invalid for none.
	Named [wire.Families]netip.Addr
}

// local reports whether the announcer is in a local network.
func (r *Request) local() bool { return wire.Local(r.Source.Addr()) }

// peer returns the address to list, and whether it was named. A peer may name one only out of a local network, where
// the tracker may see the address of a router: nobody else may make others connect to an address that is not its own.
// One of the other family takes the place of nothing: clients name their IPv6 address in every announce over IPv4
// (BEP 7), and those who reach them over IPv4 only must still find them.
func (r *Request) peer() (addr netip.AddrPort, named bool) {
	ip := r.Named[wire.FamilyOf(r.Source.Addr())]
	if !ip.IsValid() || ip == r.Source.Addr() || !wire.Routable(ip) || !r.local() {
		return r.Source, false
	}
	return netip.AddrPortFrom(ip, r.Source.Port()), true
}

// Adopt takes in a peer that another tracker knew, for as long as that would have kept it.
func (t *Tracker) Adopt(hash wire.ID, peer netip.AddrPort, id [20]byte, seed bool, life time.Duration, now time.Time) {
	t.swarms.Track(&peers.Update{Hash: hash, Peer: peer, ID: id, Seed: seed, Life: life}, nil, now)
}

// want is how many peers the announcer is told of.
func (r *Request) want() int {
	switch {
	case r.Event == Stopped:
		return 0
	case r.Want < 0:
		return defaultWant
	}
	return min(r.Want, maxWant)
}

// announce records r and appends the peers for it to sel, whose Want, Local and First it sets. It returns the
// interval to tell.
func (t *Tracker) announce(r *Request, sel *peers.Selection, now time.Time) (peers.Counts, time.Duration) {
	addr, named := r.peer()
	interval := t.pacer.next()
	u := peers.Update{Hash: r.Hash, Peer: addr, ID: r.PeerID, Named: named, Life: max(lifetime(interval), t.cfg.PeerTimeout),
		Seed: r.Left == 0 || r.Event == Completed, Partial: r.Event == Paused, Stopped: r.Event == Stopped,
		Completed: r.Event == Completed}
	sel.Want, sel.Local, sel.First = r.want(), r.local(), wire.FamilyOf(r.Source.Addr())
	c := t.swarms.Track(&u, sel, now)
	if u.Fresh && t.cfg.OnJoin != nil {
		t.cfg.OnJoin(r.Hash, addr, c, now)
	}
	if t.bridge != nil {
		t.bridge.announced(&u, sel, c)
	}
	return c, interval
}
