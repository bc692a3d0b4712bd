package node

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// complete hands a reply or an error of size bytes to the query that it belongs to.
func (r *reader) complete(m *wire.Message, from netip.AddrPort, size int, now time.Time) {
	tx := r.transactions.take(m.TID, from)
	if tx == nil {
		r.counters.unsolicited.Add(1)
		r.transactions.oddFrom(from, OtherTransaction)
		return
	}
	r.sender.prove(now)
	r.governor.ended(true, now)
	counts, detail := &r.counters.methods[tx.method], r.counters.detail(tx.method)
	detail.answerBytesIn.Add(uint64(size))
	r.cfg.Repliers.See(from, version(m), now)
	switch {
	case m.Kind == wire.KindError:
		counts.errorsIn.Add(1)
		detail.refusedIn[ErrorIndex(int(m.Code))].Add(1)
		r.refused(tx, m, from)
		tx.done <- outcome{err: m.Err()}
	case !m.HasID || m.Invalid != "":
		r.counters.malformed.Add(1)
		detail.malformed.Add(1)
		tx.done <- outcome{err: wire.ErrInvalid}
	default:
		counts.repliesIn.Add(1)
		rtt := now.Sub(tx.sent)
		detail.rtt.add(rtt)
		reply := m.Reply(from, rtt)
		reply.DropFalsePeers()
		r.counters.falsePeers.Add(uint64(reply.FalsePeers))
		r.replied(tx.to.ID, reply.From, rtt, m.Version, now)
		r.learn(capabilitiesIn(tx, m, &reply), &reply, now)
		r.seenAs(from, reply.External, now)
		if r.transactions.isAbandoned(tx) {
			r.observe(Event{Kind: RepliedLate, From: reply.From, RTT: rtt, At: now})
		}
		tx.done <- outcome{reply: reply}
	}
}
