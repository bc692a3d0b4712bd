package testnet

import (
	"net/netip"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// A liar answers every question with neighbours of its own making, whose IDs are close to what was asked for, as
// nodes do that poison the DHT. Nobody is at their addresses.
const (
	liesAtOnce = 8
	liesAgree  = 3 // bytes that the ID of a lie has in common with the target: closer than any honest node
	lieToken   = "liar"
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
		at := LoopbackIP(l.rng)
		if family == wire.IPv6 {
			at = netip.IPv6Loopback()
		}
		nodes = wire.AppendContact(nodes, wire.Contact{ID: id, Addr: netip.AddrPortFrom(at, uint16(1024+l.rng.IntN(60000)))})
	}
	l.mu.Unlock()
	a := wire.Answer{Nodes: nodes, Token: []byte(lieToken)}
	if family == wire.IPv6 {
		a.Nodes, a.Nodes6 = nil, nodes
	}
	return wire.AppendReply(nil, l.id, m.TID, p.Addr, &a)
}
