package detail

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

// SwarmPeer is a peer of a watched hash, by all that tells of it: its announces to this node, lookups, and the store.
type SwarmPeer struct {
	Addr      netip.AddrPort
	Seed      bool             // it announced itself here as one (BEP 33)
	Announced time.Time        // here, last; zero for never, or too long ago to be handed out
	From      []netip.AddrPort // the nodes that told the last lookup of it; read-only
	Client    string           // "" while unknown
	First     time.Time        // when it was seen first
	Last      time.Time        // and last
}

// Swarm is what is known of the peers of a watched hash.
type Swarm struct {
	Peers []SwarmPeer // seeds first, then the latest; at most MaxSwarm
	Known int         // peers that there are in all
	Seeds int         // of them
}

// MaxSwarm bounds the peers in a Detail.
const MaxSwarm = 500

// swarmEvery is how often the Swarm of a Detail is made anew: it looks at some thousand peers.
const swarmEvery = time.Second

// swarmMaker makes the Swarm of a watched hash, which it belongs to.
type swarmMaker struct {
	held *peers.Store

	of   wire.ID
	at   time.Time
	last Swarm
}

// swarm returns the Swarm of a hash, at most a second old. Nobody may change it.
func (m *swarmMaker) swarm(hash wire.ID, lookups []lookup.State, past []store.Peer, programs func() map[netip.Addr][4]byte, now time.Time) Swarm {
	if m.of == hash && now.Sub(m.at) < swarmEvery {
		return m.last
	}
	m.of, m.at = hash, now
	g := gathering{}
	for i := range past {
		p := &past[i]
		g.see(p.Addr, p.FirstSeen, p.LastSeen)
	}
	for _, p := range m.held.AppendMembers(nil, hash, MaxSwarm) {
		s := g.see(p.Addr, p.At, p.At)
		s.Seed, s.Announced = p.Seed, p.At
	}
	for i := range slices.Backward(lookups) { // the newest last
		lk := &lookups[i]
		if lk.Target != hash {
			continue
		}
		for j := range lk.Peers {
			p := &lk.Peers[j]
			at := lk.Started.Add(p.Found)
			g.see(p.Addr, at, at).From = p.From
		}
	}
	m.last = g.swarm(programs())
	return m.last
}

// gathering brings together what tells of each peer.
type gathering struct {
	peers []SwarmPeer
	place map[netip.AddrPort]int
}

// see adds what was seen of a peer.
func (g *gathering) see(addr netip.AddrPort, first, last time.Time) *SwarmPeer {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	if g.place == nil {
		g.place = make(map[netip.AddrPort]int)
	}
	i, known := g.place[addr]
	if !known {
		i = len(g.peers)
		g.place[addr] = i
		g.peers = append(g.peers, SwarmPeer{Addr: addr, First: first, Last: last})
	}
	p := &g.peers[i]
	if first.Before(p.First) {
		p.First = first
	}
	if last.After(p.Last) {
		p.Last = last
	}
	return p
}

// swarm sorts what there is. programs are those of IP addresses.
func (g *gathering) swarm(programs map[netip.Addr][4]byte) Swarm {
	s := Swarm{Known: len(g.peers)}
	for i := range g.peers {
		p := &g.peers[i]
		p.Client = clientName(programs[p.Addr.Addr()])
		if p.Seed {
			s.Seeds++
		}
	}
	slices.SortFunc(g.peers, func(a, b SwarmPeer) int {
		if a.Seed != b.Seed {
			if a.Seed {
				return -1
			}
			return 1
		}
		return cmp.Or(b.Last.Compare(a.Last), a.Addr.Compare(b.Addr))
	})
	s.Peers = slices.Clip(g.peers[:min(len(g.peers), MaxSwarm)])
	return s
}
