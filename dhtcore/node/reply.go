package node

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// complete hands a reply or an error of size bytes to the query that it belongs to.
func (n *Node) complete(m *wire.Message, from netip.AddrPort, size int, now time.Time) {
	tx := n.transactions.take(m.TID, from)
	if tx == nil {
		n.counters.unsolicited.Add(1)
		n.transactions.oddFrom(from, OtherTransaction)
		return
	}
	n.flood.prove(now)
	n.governor.ended(true, now)
	counts, detail := &n.counters.methods[tx.method], &n.counters.details[tx.method]
	detail.answerBytesIn.Add(uint64(size))
	n.cfg.Repliers.See(from, version(m), now)
	switch {
	case m.Kind == wire.KindError:
		counts.errorsIn.Add(1)
		detail.refusedIn[ErrorIndex(int(m.Code))].Add(1)
		n.refused(tx, m, from)
		tx.done <- outcome{err: m.Err()}
	case !m.HasID || m.Invalid != "":
		n.counters.malformed.Add(1)
		detail.malformed.Add(1)
		tx.done <- outcome{err: wire.ErrInvalid}
	default:
		counts.repliesIn.Add(1)
		rtt := now.Sub(tx.sent)
		detail.rtt.add(rtt)
		r := m.Reply(from, rtt)
		r.DropFalsePeers()
		n.counters.falsePeers.Add(uint64(r.FalsePeers))
		n.replied(tx.to.ID, r.From, rtt, m.Version, now)
		n.learn(capabilitiesIn(tx, m, &r), &r, now)
		n.seenAs(from, r.External, now)
		if n.transactions.isAbandoned(tx) {
			n.observe(Event{Kind: RepliedLate, From: r.From, RTT: rtt, At: now})
		}
		tx.done <- outcome{reply: r}
	}
}
