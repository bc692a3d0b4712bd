package node

import (
	"errors"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// answerItem answers a get or a put (BEP 44), or returns the code and text of a KRPC error.
func (n *Node) answerItem(a *wire.Answer, m *wire.Message, from wire.Contact, now time.Time) (code int, text string) {
	it := m.ScanItem()
	switch {
	case m.Invalid != "":
		return wire.CodeProtocol, "invalid " + m.Invalid
	case m.Method == wire.Get:
		n.observe(Event{Kind: ItemAsked, At: now, Hash: m.Target, From: from})
		n.answerGet(a, m.Target, &it, from.Addr, now)
		return 0, ""
	case !n.tokens.valid(m.Token, from.Addr.Addr(), now): // before the signature, which is expensive to check
		return wire.CodeProtocol, "bad token"
	}
	n.flood.prove(now)
	if code, text = refusal(n.cfg.Items.Put(&it, from.Addr.Addr(), now)); code == 0 {
		n.observe(Event{Kind: ItemStored, At: now, Hash: it.Target(), From: from})
	}
	return code, text
}

// answerGet adds a token and the item stored at target; only its sequence number when the sender of the get has that version
// or a newer one.
func (n *Node) answerGet(a *wire.Answer, target wire.ID, has *wire.Item, from netip.AddrPort, now time.Time) {
	room := &n.room
	room.token = n.tokens.of(from.Addr(), now, 0)
	a.Token = room.token[:]
	it, ok := n.cfg.Items.Get(target, now)
	if !ok {
		return
	}
	if it.Mutable() && has.HasSeq && it.Seq <= has.Seq {
		it = wire.Item{Seq: it.Seq, HasSeq: true}
	}
	room.item = it
	a.Item = &room.item
}

// refusal returns the code and text of an error that is meant for the sender, 0 for nil.
func refusal(err error) (code int, text string) {
	if err == nil {
		return 0, ""
	}
	if e := (*wire.Error)(nil); errors.As(err, &e) {
		return e.Code, e.Text
	}
	return wire.CodeServer, err.Error()
}
