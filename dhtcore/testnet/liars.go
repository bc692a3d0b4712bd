package testnet

import (
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// A liar answers every question with neighbours of its own making, whose IDs are close to what was asked for, as
// nodes do that poison the DHT. Nobody is at their addresses.
const (
	liesAtOnce = 8
	liesAgree  = 3 // bytes that the ID of a lie has in common with the target: closer than any honest node
)

// lie returns a liar's answer to p, nil when it is no question that is worth a lie.
func (l *link) lie(p *node.Packet) []byte {
	var m wire.Message
	if wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindQuery || !m.HasTarget {
		return nil
	}
	family := wire.FamilyOf(l.LocalAddr().Addr())
	var nodes []byte
	l.mu.Lock()
	for range liesAtOnce {
		id := DrawID(l.rng)
		copy(id[:liesAgree], m.Target[:])
		nodes = wire.AppendContact(nodes, wire.Contact{ID: id, Addr: nobodyNear(l.rng, l.LocalAddr().Addr())})
	}
	l.mu.Unlock()
	a := wire.Answer{Nodes: nodes, Token: []byte(hostileToken)}
	if family == wire.IPv6 {
		a.Nodes, a.Nodes6 = nil, nodes
	}
	return wire.AppendReply(nil, l.id, m.TID, p.Addr, &a)
}
