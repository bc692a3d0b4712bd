package capture

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

// Node is what our node has learned from the messages of a capture: counts, hashes, tables.
type Node struct {
	Vantages         []Vantage
	Stats            node.Stats
	Details          node.MethodDetails
	Ledger           *ledger.Ledger
	Journal          *journal.Journal
	Askers, Repliers *hosts.Set

	at      map[netip.AddrPort]int // the Vantages
	lookups lookupLog
	open    map[queryKey]openQuery
	waiting []wait // the keys of open, in the order of time
	seq     uint64 // of the last packet
}

// Vantage is an address of ours.
type Vantage struct {
	Addr  netip.AddrPort
	Table *table.Table
}

// queryKey tells open queries apart.
type queryKey struct {
	way     wire.Direction
	vantage int
	addr    netip.AddrPort
	tid     string
}

// openQuery waits for its reply.
type openQuery struct {
	at        time.Time
	method    wire.Method
	target    wire.ID
	hasTarget bool
	id        wire.ID        // of the asker
	peer      netip.AddrPort // of an announce
	lookup    *passiveLookup // that it belongs to; nil for none
}

type wait struct {
	key queryKey
	at  time.Time
}

// How long a query waits for its reply, and how many do at most.
const (
	timeout = 15 * time.Second
	maxOpen = 1 << 16
)

func newNode(ours []*endpoint, began time.Time) *Node {
	n := &Node{at: make(map[netip.AddrPort]int), Ledger: ledger.NewAt(began), Journal: journal.New(journal.DefaultSize),
		Askers: hosts.NewAt(began), Repliers: hosts.NewAt(began), open: make(map[queryKey]openQuery)}
	for i, e := range ours {
		n.at[e.addr] = i
		n.Vantages = append(n.Vantages, Vantage{e.addr, table.New(e.id)})
	}
	return n
}

// concerns reports whether a datagram is from or to us.
func (n *Node) concerns(d *pcapng.Datagram) bool {
	_, from := n.at[d.From]
	_, to := n.at[d.To]
	return from || to
}

// Take takes in a message from or to us, and returns it as a packet of the log, with its payload, and our identity.
func (n *Node) Take(d *pcapng.Datagram, m *wire.Message, now time.Time) (k journal.Packet, self wire.ID) {
	k = journal.Packet{At: d.At, Size: d.Size, Kind: m.Kind, Method: m.Method, Target: m.Target, HasTarget: m.HasTarget}
	vantage, out := n.at[d.From]
	if k.Vantage, k.Addr = vantage, d.To; out {
		k.Way = wire.Out
		n.Stats.PacketsOut++
		n.Stats.BytesOut += uint64(d.Size)
	} else {
		k.Way, k.Vantage, k.Addr = wire.In, n.at[d.To], d.From
		n.Stats.PacketsIn++
		n.Stats.BytesIn += uint64(d.Size)
	}
	v := &n.Vantages[k.Vantage]
	if out && m.HasID && m.ID != v.Table.Self() {
		v.Table.Move(m.ID, now)
	}
	if m.Kind == wire.KindQuery {
		n.query(&k, m, v, now)
	} else {
		n.answer(&k, m, v, now)
	}
	n.seq++
	k.Seq = n.seq
	k.Payload = append([]byte(nil), d.Payload[:min(len(d.Payload), journal.MaxPayload)]...)
	return k, v.Table.Self()
}

// Packets is how many packets it has taken.
func (n *Node) Packets() uint64 { return n.seq }

func (n *Node) query(k *journal.Packet, m *wire.Message, v *Vantage, now time.Time) {
	count, detail := &n.Stats.Methods[m.Method], &n.Details[m.Method]
	q := openQuery{at: k.At, method: m.Method, target: m.Target, hasTarget: m.HasTarget, id: m.ID}
	if k.Way == wire.Out {
		count.Out++
		n.Stats.QueriesOut++
		n.Stats.StartedBytes += uint64(k.Size)
		detail.QueryBytesOut += uint64(k.Size)
		if l := n.lookups.of(k); l != nil {
			l.asked(k)
			q.lookup = l
		}
	} else {
		count.In++
		detail.QueryBytesIn += uint64(k.Size)
		version := versionOf(m)
		n.Askers.See(k.Addr, version, now)
		v.Table.QueriedUs(wire.Contact{ID: m.ID, Addr: k.Addr}, now)
		switch {
		case m.Method == wire.GetPeers && m.HasTarget:
			kind := ledger.KindOfRequest(m.Target, m.ID, v.Table.Self(), version)
			n.Ledger.See(kind, m.Target, k.Addr, k.Vantage, now)
			n.Journal.Add(journal.Event{Kind: journal.Requested, At: k.At, Hash: m.Target, ID: m.ID, Addr: k.Addr, Maintenance: kind != ledger.Requested})
		case m.Method == wire.AnnouncePeer && m.ImpliedPort:
			q.peer = k.Addr
		case m.Method == wire.AnnouncePeer && m.HasPort && m.Port > 0 && m.Port < 1<<16:
			q.peer = netip.AddrPortFrom(k.Addr.Addr(), uint16(m.Port))
		}
	}
	if len(n.waiting) >= maxOpen {
		n.Expire(n.waiting[len(n.waiting)/2].at.Add(timeout))
	}
	key := queryKey{k.Way, k.Vantage, k.Addr, string(m.TID)}
	n.open[key] = q
	n.waiting = append(n.waiting, wait{key, k.At})
}

// versionOf is the "v" of a message as a hosts.Set has it.
func versionOf(m *wire.Message) (version [4]byte) {
	copy(version[:], m.Version)
	return version
}

// Expire gives up the queries that have waited too long.
func (n *Node) Expire(now time.Time) {
	done := 0
	for ; done < len(n.waiting) && now.Sub(n.waiting[done].at) >= timeout; done++ {
		w := &n.waiting[done]
		q, open := n.open[w.key]
		if !open || !q.at.Equal(w.at) {
			continue
		}
		delete(n.open, w.key)
		if w.key.way == wire.Out {
			n.Stats.TimedOut++
			n.Stats.Methods[q.method].TimedOut++
			n.note(n.Vantages[w.key.vantage].Table.FailedAt(w.key.addr, now), now)
			if q.lookup != nil {
				q.lookup.timedOut(w.key.addr)
			}
		}
	}
	n.waiting = append(n.waiting[:0], n.waiting[done:]...)
}

// note puts changes of a table into the journal.
func (n *Node) note(changes []table.Change, now time.Time) {
	for _, c := range changes {
		kind := journal.NodeLeft
		if c.Joined {
			kind = journal.NodeJoined
		}
		n.Journal.Add(journal.Event{Kind: kind, At: now, ID: c.ID, Addr: c.Addr})
	}
}
