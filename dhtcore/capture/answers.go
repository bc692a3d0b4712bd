package capture

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// answer takes in a reply or an error, and completes the packet with what its query asked.
func (n *Node) answer(k *journal.Packet, m *wire.Message, v *Vantage, now time.Time) {
	key := queryKey{1 - k.Way, k.Vantage, k.Addr, string(m.TID)}
	q, known := n.open[key]
	if !known {
		if k.Way == wire.In {
			n.Stats.Unsolicited++
		}
		return
	}
	delete(n.open, key)
	k.Method, k.Target, k.HasTarget, k.Took = q.method, q.target, q.hasTarget, max(k.At.Sub(q.at), time.Nanosecond)
	if k.Way == wire.Out {
		n.answered(k, m, &q, now)
		return
	}
	fresh := 0
	if q.lookup != nil {
		fresh = q.lookup.answered(k, m)
	}
	count, detail := &n.Stats.Methods[q.method], &n.Details[q.method]
	detail.AnswerBytesIn += uint64(k.Size)
	detail.RTT.See(k.Took)
	if m.Kind == wire.KindError {
		count.ErrorsIn++
		n.Stats.ErrorsIn++
		detail.RefusedIn[node.ErrorIndex(int(m.Code))]++
		return
	}
	count.RepliesIn++
	n.Stats.RepliesIn++
	n.Repliers.See(k.Addr, versionOf(m), now)
	from := wire.Contact{ID: m.ID, Addr: k.Addr}
	n.note(v.Table.Replied(from, k.Took, wire.ClientName(string(m.Version)), now), now)
	n.learn(k, m, from, fresh, now)
}

// answered takes in what we answered.
func (n *Node) answered(k *journal.Packet, m *wire.Message, q *openQuery, now time.Time) {
	count, detail := &n.Stats.Methods[q.method], &n.Details[q.method]
	detail.AnswerBytesOut += uint64(k.Size)
	if m.Kind == wire.KindError {
		count.ErrorsOut++
		n.Stats.ErrorsOut++
		detail.RefusedOut[node.ErrorIndex(int(m.Code))]++
		return
	}
	count.RepliesOut++
	if q.peer.IsValid() && q.hasTarget { // we took the announce in
		n.Ledger.See(ledger.Announced, q.target, q.peer, k.Vantage, now)
		row, _ := n.Ledger.Row(q.target, now)
		n.Journal.Add(journal.Event{Kind: journal.Announced, At: k.At, Hash: q.target, ID: q.id, Addr: q.peer, N: row.Peers})
	}
}

// learn takes in the peers of a reply, of which so many are new to the lookup, and the samples.
func (n *Node) learn(k *journal.Packet, m *wire.Message, from wire.Contact, newPeers int, now time.Time) {
	switch {
	case k.Method == wire.GetPeers && len(m.Values) > 0 && k.HasTarget:
		r := m.Reply(k.Addr, k.Took)
		r.DropFalsePeers()
		for _, p := range r.Peers {
			n.Ledger.See(ledger.Found, k.Target, p, k.Vantage, now)
		}
		n.Stats.FalsePeers += uint64(r.FalsePeers)
		n.Journal.Add(journal.Event{Kind: journal.Found, At: k.At, Hash: k.Target, ID: from.ID, Addr: from.Addr, N: len(r.Peers), New: newPeers})
	case k.Method == wire.SampleInfohashes && len(m.Samples) > 0:
		r, fresh := m.Reply(k.Addr, k.Took), 0
		for _, hash := range r.Samples {
			if n.Ledger.See(ledger.Sampled, hash, netip.AddrPort{}, k.Vantage, now) {
				fresh++
			}
		}
		n.Journal.Add(journal.Event{Kind: journal.Sampled, At: k.At, ID: from.ID, Addr: from.Addr, N: len(r.Samples), New: fresh, Wait: r.Interval})
	}
}
