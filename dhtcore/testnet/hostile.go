package testnet

import (
	"context"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Hostile is a node that answers every question with contacts which are of no use to who asks. It gives tokens and
// takes announces, and has no peers.
type Hostile struct {
	wire.Contact
	conn node.Conn
	name func(target wire.ID) wire.Contact
}

const (
	hostileToken  = "liar"
	namedAtOnce   = 8
	hostilePacket = 2048
)

// NewHostile returns a hostile node that names contacts as name makes them up. Run closes conn.
func NewHostile(id wire.ID, conn node.Conn, name func(target wire.ID) wire.Contact) *Hostile {
	return &Hostile{Contact: wire.Contact{ID: id, Addr: conn.LocalAddr()}, conn: conn, name: name}
}

// Run answers until ctx ends.
func (h *Hostile) Run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { h.conn.Close() })
	defer stop()
	in := []node.Packet{{Buf: make([]byte, hostilePacket)}}
	for {
		count, err := h.conn.ReadBatch(in)
		if err != nil {
			return
		}
		for _, p := range in[:count] {
			if answer := h.answer(&p); answer != nil {
				h.conn.WriteBatch([]node.Packet{{Buf: answer, Addr: p.Addr}}) //nolint:errcheck // an answer that gets lost
			}
		}
	}
}

// answer returns the answer to p, nil for none.
func (h *Hostile) answer(p *node.Packet) []byte {
	var m wire.Message
	if wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindQuery {
		return nil
	}
	a := wire.Answer{Token: []byte(hostileToken)}
	if m.HasTarget && m.Method != wire.AnnouncePeer {
		var nodes []byte
		for range namedAtOnce {
			nodes = wire.AppendContact(nodes, h.name(m.Target))
		}
		if wire.FamilyOf(h.Addr.Addr()) == wire.IPv6 {
			a.Nodes6 = nodes
		} else {
			a.Nodes = nodes
		}
	}
	return wire.AppendReply(nil, h.ID, m.TID, p.Addr, &a)
}

// ask sends a question to each of the contacts, and wants no answer.
func (h *Hostile) ask(q wire.Query, contacts []wire.Contact) {
	for i, c := range contacts {
		b := wire.AppendQuery(nil, h.ID, []byte{'h', byte(i)}, false, &q)
		h.conn.WriteBatch([]node.Packet{{Buf: b, Addr: c.Addr}}) //nolint:errcheck // a question that gets lost
	}
}
