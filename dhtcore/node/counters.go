package node

import (
	"sync/atomic"

	"dhtop/dhtcore/wire"
)

// Stats are a node's counts since it started.
type Stats struct {
	PacketsIn, PacketsOut uint64
	BytesIn, BytesOut     uint64
	Methods               [wire.Methods]MethodStats // by method
	QueriesOut            uint64
	StartedBytes          uint64 // bytes of our queries
	NewDestinations       uint64 // addresses asked for the first time in a while; 0 while Limits.New is lifted
	RepliesIn             uint64 // to queries of ours, without KRPC errors
	ErrorsIn              uint64 // KRPC errors in reply to queries of ours
	ErrorsOut             uint64
	TimedOut              uint64 // queries of ours
	Malformed             uint64 // packets that are not KRPC, or not a valid reply
	LeftOut               uint64 // optional fields of packets that were not used, as their type or length is wrong
	Unsolicited           uint64 // replies and errors that belong to no query of ours
	Ignored               uint64 // queries without an answer: read-only mode, or no usable source address
	Flooded               uint64 // packets dropped unread, as their source sends too many
	OverBudget            uint64 // queries dropped, as the budget for replies is used up
	Shortened             uint64 // replies that leave something out, as the source of the query may be forged
	Unchecked             uint64 // puts dropped, as too many signatures wait to be checked
	Refused               uint64 // contacts at addresses that cannot be reached from here
	FalsePeers            uint64 // peers in replies that cannot be any: at unroutable addresses, or at local ones of strangers
	KernelDrops           uint64 // packets that the system dropped, as the buffer of the socket was full
	SendFailed            uint64 // packets that the system refused to send
}

// MethodStats are the outcomes of the queries of one method. What is missing in the sums is still open, malformed
// or, for others' queries, ignored or over budget.
type MethodStats struct {
	In, RepliesOut, ErrorsOut          uint64 // others' queries, and our answers
	Out, RepliesIn, ErrorsIn, TimedOut uint64 // our queries, and the answers to them
}

func (m MethodStats) add(o MethodStats) MethodStats {
	m.In += o.In
	m.RepliesOut += o.RepliesOut
	m.ErrorsOut += o.ErrorsOut
	m.Out += o.Out
	m.RepliesIn += o.RepliesIn
	m.ErrorsIn += o.ErrorsIn
	m.TimedOut += o.TimedOut
	return m
}

// Add returns the sums of s and o.
func (s Stats) Add(o Stats) Stats {
	s.PacketsIn += o.PacketsIn
	s.PacketsOut += o.PacketsOut
	s.BytesIn += o.BytesIn
	s.BytesOut += o.BytesOut
	for i := range s.Methods {
		s.Methods[i] = s.Methods[i].add(o.Methods[i])
	}
	s.QueriesOut += o.QueriesOut
	s.StartedBytes += o.StartedBytes
	s.NewDestinations += o.NewDestinations
	s.RepliesIn += o.RepliesIn
	s.ErrorsIn += o.ErrorsIn
	s.ErrorsOut += o.ErrorsOut
	s.TimedOut += o.TimedOut
	s.Malformed += o.Malformed
	s.LeftOut += o.LeftOut
	s.Unsolicited += o.Unsolicited
	s.Ignored += o.Ignored
	s.Flooded += o.Flooded
	s.OverBudget += o.OverBudget
	s.Shortened += o.Shortened
	s.Unchecked += o.Unchecked
	s.Refused += o.Refused
	s.FalsePeers += o.FalsePeers
	s.KernelDrops += o.KernelDrops
	s.SendFailed += o.SendFailed
	return s
}

// counters are the live form of Stats.
type counters struct {
	packetsIn, packetsOut, bytesIn, bytesOut    atomic.Uint64
	methods                                     [wire.Methods]methodCounters
	details                                     [wire.Methods]atomic.Pointer[methodDetail] // nil until there is one: see detail
	malformed, unsolicited, ignored, sendFailed atomic.Uint64
	flooded, overBudget, shortened              atomic.Uint64
	refused, leftOut, unchecked, falsePeers     atomic.Uint64
}

type methodCounters struct {
	in, repliesOut, errorsOut, out, queryBytesOut, repliesIn, errorsIn, timedOut atomic.Uint64
}

func (c *methodCounters) stats() MethodStats {
	return MethodStats{In: c.in.Load(), RepliesOut: c.repliesOut.Load(), ErrorsOut: c.errorsOut.Load(),
		Out: c.out.Load(), RepliesIn: c.repliesIn.Load(), ErrorsIn: c.errorsIn.Load(), TimedOut: c.timedOut.Load()}
}

// stats are the counts, without those of governor and system.
func (c *counters) stats() (s Stats) {
	s = Stats{
		PacketsIn: c.packetsIn.Load(), PacketsOut: c.packetsOut.Load(),
		BytesIn: c.bytesIn.Load(), BytesOut: c.bytesOut.Load(),
		Malformed: c.malformed.Load(), Unsolicited: c.unsolicited.Load(), Ignored: c.ignored.Load(), SendFailed: c.sendFailed.Load(),
		Flooded: c.flooded.Load(), OverBudget: c.overBudget.Load(), Shortened: c.shortened.Load(), Unchecked: c.unchecked.Load(),
		Refused: c.refused.Load(), LeftOut: c.leftOut.Load(), FalsePeers: c.falsePeers.Load(),
	}
	for i := range s.Methods {
		m := c.methods[i].stats()
		s.Methods[i] = m
		s.QueriesOut += m.Out
		s.RepliesIn += m.RepliesIn
		s.ErrorsIn += m.ErrorsIn
		s.ErrorsOut += m.ErrorsOut
		s.TimedOut += m.TimedOut
	}
	return s
}

// eachCounters calls visit with the counters of the readers, and of all other goroutines.
func (n *Node) eachCounters(visit func(*counters)) {
	for _, r := range n.readers {
		visit(&r.counters)
	}
	visit(&n.counters)
}

// Stats returns the counts as they stand.
func (n *Node) Stats() (s Stats) {
	n.eachCounters(func(c *counters) { s = s.Add(c.stats()) })
	s.StartedBytes, s.NewDestinations = n.governor.bytesSent.Load(), n.governor.newDestinations.Load()
	for _, r := range n.readers {
		if d, ok := r.conn.(interface{ Drops() uint64 }); ok {
			s.KernelDrops += d.Drops()
		}
	}
	return s
}
