package dhtcore

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// captureNode is what a node has learned from the messages of a capture: counts, a ranking, a table, a log. It belongs to one
// goroutine.
type captureNode struct {
	vantages []captureVantage
	at       map[netip.AddrPort]int // the vantages

	stats            node.Stats
	details          node.MethodDetails
	ledger           *ledger.Ledger
	journal          *journal.Journal
	askers, repliers *hosts.Set
	lookups          captureLookups

	open    map[captureQueryKey]captureQuery
	waiting []captureWait // the keys of open, in the order of time
	seq     uint64        // of the last packet
	log     []*Packet     // the last MaxPackets, oldest first, and some before
}

// captureVantage is an address of ours.
type captureVantage struct {
	addr  netip.AddrPort
	table *table.Table
}

// captureQueryKey tells open queries apart.
type captureQueryKey struct {
	way     wire.Direction
	vantage int
	addr    netip.AddrPort
	tid     string
}

// captureQuery waits for its reply.
type captureQuery struct {
	at        time.Time
	method    wire.Method
	target    ID
	hasTarget bool
	id        ID             // of the asker
	peer      netip.AddrPort // of an announce
	lookup    *captureLookup // that it belongs to; nil for none
}

type captureWait struct {
	key captureQueryKey
	at  time.Time
}

// How long a query waits for its reply, and how many do at most.
const (
	captureTimeout = 15 * time.Second
	maxCaptureOpen = 1 << 16
)

func newCaptureNode(ours []*endpoint, began time.Time) *captureNode {
	n := &captureNode{at: make(map[netip.AddrPort]int), ledger: ledger.NewAt(began), journal: journal.New(journal.DefaultSize),
		askers: hosts.NewAt(began), repliers: hosts.NewAt(began), open: make(map[captureQueryKey]captureQuery)}
	n.ledger.Limit(DefaultMaxHashes)
	for i, e := range ours {
		n.at[e.addr] = i
		n.vantages = append(n.vantages, captureVantage{e.addr, table.New(e.id)})
	}
	return n
}

// concerns reports whether a datagram is from or to us.
func (n *captureNode) concerns(d *pcapng.Datagram) bool {
	_, from := n.at[d.From]
	_, to := n.at[d.To]
	return from || to
}

// take takes in a message from or to us.
func (n *captureNode) take(d *pcapng.Datagram, m *wire.Message, now time.Time) {
	k := journal.Packet{At: d.At, Size: d.Size, Kind: m.Kind, Method: m.Method, Target: m.Target, HasTarget: m.HasTarget}
	vantage, out := n.at[d.From]
	if k.Vantage, k.Addr = vantage, d.To; out {
		k.Way = wire.Out
		n.stats.PacketsOut++
		n.stats.BytesOut += uint64(d.Size)
	} else {
		k.Way, k.Vantage, k.Addr = wire.In, n.at[d.To], d.From
		n.stats.PacketsIn++
		n.stats.BytesIn += uint64(d.Size)
	}
	v := &n.vantages[k.Vantage]
	if out && m.HasID && m.ID != v.table.Self() {
		v.table.Move(m.ID, now)
	}
	if m.Kind == wire.KindQuery {
		n.query(&k, m, v, now)
	} else {
		n.answer(&k, m, v, now)
	}
	n.keep(&k, d.Payload, v.table.Self())
}

// keep adds a packet to the log.
func (n *captureNode) keep(k *journal.Packet, payload []byte, self ID) {
	n.seq++
	k.Seq = n.seq
	k.Payload = append([]byte(nil), payload[:min(len(payload), journal.MaxPayload)]...)
	if len(n.log) == 2*MaxPackets {
		n.log = append(n.log[:0], n.log[MaxPackets:]...)
	}
	n.log = append(n.log, NewPacket(*k, self))
}

func (n *captureNode) query(k *journal.Packet, m *wire.Message, v *captureVantage, now time.Time) {
	count, detail := &n.stats.Methods[m.Method], &n.details[m.Method]
	q := captureQuery{at: k.At, method: m.Method, target: m.Target, hasTarget: m.HasTarget, id: m.ID}
	if k.Way == wire.Out {
		count.Out++
		n.stats.QueriesOut++
		n.stats.StartedBytes += uint64(k.Size)
		detail.QueryBytesOut += uint64(k.Size)
		if l := n.lookups.of(k); l != nil {
			l.asked(k)
			q.lookup = l
		}
	} else {
		count.In++
		detail.QueryBytesIn += uint64(k.Size)
		version := versionOf(m)
		n.askers.See(k.Addr, version, now)
		v.table.QueriedUs(wire.Contact{ID: m.ID, Addr: k.Addr}, now)
		switch {
		case m.Method == wire.GetPeers && m.HasTarget:
			kind := ledger.KindOfRequest(m.Target, m.ID, v.table.Self(), version)
			n.ledger.See(kind, m.Target, k.Addr, k.Vantage, now)
			n.journal.Add(Event{Kind: journal.Requested, At: k.At, Hash: m.Target, ID: m.ID, Addr: k.Addr, Maintenance: kind != ledger.Requested})
		case m.Method == wire.AnnouncePeer && m.ImpliedPort:
			q.peer = k.Addr
		case m.Method == wire.AnnouncePeer && m.HasPort && m.Port > 0 && m.Port < 1<<16:
			q.peer = netip.AddrPortFrom(k.Addr.Addr(), uint16(m.Port))
		}
	}
	if len(n.waiting) >= maxCaptureOpen {
		n.expire(n.waiting[len(n.waiting)/2].at.Add(captureTimeout))
	}
	key := captureQueryKey{k.Way, k.Vantage, k.Addr, string(m.TID)}
	n.open[key] = q
	n.waiting = append(n.waiting, captureWait{key, k.At})
}

// versionOf is the "v" of a message as a hosts.Set has it.
func versionOf(m *wire.Message) (version [4]byte) {
	copy(version[:], m.Version)
	return version
}

// expire gives up the queries that have waited too long.
func (n *captureNode) expire(now time.Time) {
	done := 0
	for ; done < len(n.waiting) && now.Sub(n.waiting[done].at) >= captureTimeout; done++ {
		w := &n.waiting[done]
		q, open := n.open[w.key]
		if !open || !q.at.Equal(w.at) {
			continue
		}
		delete(n.open, w.key)
		if w.key.way == wire.Out {
			n.stats.TimedOut++
			n.stats.Methods[q.method].TimedOut++
			n.note(n.vantages[w.key.vantage].table.FailedAt(w.key.addr, now), now)
			if q.lookup != nil {
				q.lookup.timedOut(w.key.addr)
			}
		}
	}
	n.waiting = append(n.waiting[:0], n.waiting[done:]...)
}

// note puts changes of a table into the journal.
func (n *captureNode) note(changes []table.Change, now time.Time) {
	for _, c := range changes {
		kind := journal.NodeLeft
		if c.Joined {
			kind = journal.NodeJoined
		}
		n.journal.Add(Event{Kind: kind, At: now, ID: c.ID, Addr: c.Addr})
	}
}
