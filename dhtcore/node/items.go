package node

import (
	"bytes"
	"errors"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// answerPut answers a put (BEP 44) of size bytes. That of a mutable item is answered later, when its signature has been
// checked.
func (r *reader) answerPut(dst []byte, m *wire.Message, from wire.Contact, size int, now time.Time) []byte {
	it := m.ScanItem()
	code, text := 0, ""
	switch {
	case m.Invalid != "":
		code, text = wire.CodeProtocol, "invalid "+m.Invalid
	case !r.tokens.valid(m.Token, from.Addr.Addr(), now):
		code, text = wire.CodeProtocol, "bad token"
	default:
		r.sender.prove(now)
		if code, text = refusal(it.CheckForm()); code != 0 {
			break
		}
		if it.Mutable() {
			if !r.signatures.add(put{it.Clone(), bytes.Clone(m.TID), from, now}, r.storeSigned) {
				r.counters.drop(m.Method, &r.counters.unchecked)
			}
			return dst
		}
		code, text = r.store(&it, from, now)
	}
	if code != 0 {
		return r.refuse(dst, m, from.Addr, size, code, text, now)
	}
	return r.appendReply(dst, m, from.Addr, &wire.Answer{}, size, now)
}

// storeSigned checks the signature of a put, stores its item and answers it. It is called on a goroutine of its own.
func (n *Node) storeSigned(p put) {
	code, text := n.store(&p.item, p.from, p.at)
	var packet []byte
	if code != 0 {
		packet = wire.AppendError(nil, p.tid, p.from.Addr, code, text)
	} else {
		packet = wire.AppendReply(nil, n.ID(), p.tid, p.from.Addr, &wire.Answer{})
	}
	if !n.budget.Load().spendProven(len(packet), time.Now()) {
		n.counters.drop(wire.Put, &n.counters.overBudget)
		return
	}
	if code != 0 {
		n.counters.refuse(wire.Put, code, len(packet))
	} else {
		n.counters.replyTo(wire.Put, len(packet))
	}
	n.reply(n.cfg.Conn, &n.counters, []Packet{{Buf: packet, Addr: p.from.Addr}})
}

// store stores an item, or returns the code and text of the KRPC error for its sender.
func (n *Node) store(it *wire.Item, from wire.Contact, now time.Time) (code int, text string) {
	if code, text = refusal(n.cfg.Items.Put(it, from.Addr.Addr(), now)); code == 0 {
		n.observe(Event{Kind: ItemStored, At: now, Hash: it.Target(), From: from})
	}
	return code, text
}

// answerGet adds a token and the item stored at the target; only its sequence number when the sender of the get (BEP 44)
// has that version or a newer one.
func (r *reader) answerGet(a *wire.Answer, m *wire.Message, from netip.AddrPort, now time.Time) {
	room, has := &r.room, m.ScanItem()
	room.token = r.tokens.of(from.Addr(), now, 0)
	a.Token = room.token[:]
	it, ok := r.cfg.Items.Get(m.Target, now)
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
