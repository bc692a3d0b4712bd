package dhtcore

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// observer takes in what the nodes, the lookups and the crawl saw: it counts sightings and keeps the journal.
// It runs mostly on the goroutines that read the sockets; each part that it tells locks itself.
type observer struct {
	ledger   *ledger.Ledger
	journal  *journal.Journal
	store    *storeSync
	watcher  *detail.Watcher
	shared   *lookup.Shared
	vantages *vantages
	proven   *hosts.Proven
	found    atomic.Uint64 // peers that lookups found, each once a lookup
	rooms    sync.Pool     // of *batchRoom
}

// batchRoom is the memory in which observeQueries works.
type batchRoom struct {
	sightings []ledger.Sighting
	of        []int // the events that they are
	told      []Event
}

// observeQueries takes in what a reader of a node saw in a batch of queries. The locks that all readers need are taken once for all.
func (o *observer) observeQueries(events []node.Event) {
	room, _ := o.rooms.Get().(*batchRoom)
	if room == nil {
		room = new(batchRoom)
	}
	defer o.rooms.Put(room)
	room.sightings, room.of, room.told = room.sightings[:0], room.of[:0], room.told[:0]
	for i := range events {
		v := &events[i]
		s := ledger.Sighting{Hash: v.Hash, Vantage: v.Vantage, At: v.At}
		switch v.Kind {
		case node.Requested:
			s.Kind, s.Addr = ledger.KindOfRequest(v.Hash, v.From.ID, o.vantages.id(v.Vantage), v.Version), v.From.Addr
			s.Proven = o.proven.Has(v.From.Addr.Addr())
		case node.Announced: // it has sent a token back
			o.proven.Add(v.From.Addr.Addr())
			s.Kind, s.Addr, s.Proven = ledger.Announced, v.Peer, true
		default:
			o.observe(*v)
			continue
		}
		room.sightings, room.of = append(room.sightings, s), append(room.of, i)
	}
	o.ledger.SeeAll(room.sightings)
	for i := range room.sightings {
		s, v := &room.sightings[i], &events[room.of[i]]
		if s.Proven {
			o.store.keepPeer(s.Kind, s.Hash, s.Addr, s.At)
		}
		o.watcher.See(v, s.Addr)
		e := Event{Kind: journal.Requested, At: v.At, Hash: v.Hash, ID: v.From.ID, Addr: s.Addr}
		if s.Fresh {
			room.told = append(room.told, Event{Kind: journal.Discovered, At: v.At, Hash: v.Hash, ID: v.From.ID, Addr: v.From.Addr})
		}
		if v.Kind == node.Announced {
			e.Kind, e.N = journal.Announced, v.Swarm
		} else {
			e.Maintenance = s.Kind != ledger.Requested
		}
		room.told = append(room.told, e)
	}
	o.journal.AddAll(room.told)
}

// observe takes in what a node saw.
func (o *observer) observe(v node.Event) {
	switch v.Kind {
	case node.Requested, node.Announced:
		o.observeQueries([]node.Event{v})
	case node.ItemStored:
		o.journal.Add(Event{Kind: journal.ItemStored, At: v.At, Hash: v.Hash, ID: v.From.ID, Addr: v.From.Addr})
	case node.NodeJoined:
		o.proven.Add(v.From.Addr.Addr())
		o.journal.Add(Event{Kind: journal.NodeJoined, At: v.At, ID: v.From.ID, Addr: v.From.Addr})
	case node.SourceBlocked:
		o.journal.Add(Event{Kind: journal.Warning, At: v.At, Addr: v.From.Addr, Text: "a flooding source is blocked"})
	case node.Readdressed:
		text := "other nodes report another external address of this node" // Addr has it, where it can be masked
		if v.From.ID != v.Hash {
			text += ": it takes a new ID that BEP 42 allows there"
		}
		o.journal.Add(Event{Kind: journal.Warning, At: v.At, ID: v.From.ID, Addr: v.From.Addr, Text: text})
	case node.Reachable:
		o.journal.Add(Event{Kind: journal.Reachable, At: v.At, ID: v.From.ID, Addr: v.From.Addr,
			Text: "this node is reachable and now serves as a full member"})
	case node.RepliedLate:
		o.proven.Add(v.From.Addr.Addr())
		o.shared.Replied(v.From, v.RTT)
		o.vantages.silent.Answered(v.From.Addr)
	case node.NeverReplied:
		o.shared.Failed(v.From)
	case node.NodeLeft:
		o.journal.Add(Event{Kind: journal.NodeLeft, At: v.At, ID: v.From.ID, Addr: v.From.Addr})
	}
}

// see counts one sighting of hash in the reply of from to a query of ours, and reports whether it is the
// first.
func (o *observer) see(kind ledger.Kind, hash ID, from wire.Contact, addr netip.AddrPort, now time.Time) (fresh bool) {
	return o.seeAt(max(o.vantages.index(from.Addr), 0), kind, hash, from, addr, now)
}

// seeAt counts one sighting of hash in a packet from a node to a vantage, and reports whether it is the first.
func (o *observer) seeAt(vantage int, kind ledger.Kind, hash ID, from wire.Contact, addr netip.AddrPort,
	now time.Time) (fresh bool) {
	fresh = o.ledger.See(kind, hash, addr, vantage, now)
	o.store.keepPeer(kind, hash, addr, now)
	o.discovered(fresh, hash, from, now)
	return fresh
}

func (o *observer) discovered(fresh bool, hash ID, from wire.Contact, now time.Time) {
	if fresh {
		o.journal.Add(Event{Kind: journal.Discovered, At: now, Hash: hash, ID: from.ID, Addr: from.Addr})
	}
}

// sampled takes in the reply to a query of the crawl and returns how many hashes were new.
func (o *observer) sampled(a crawl.Answer) (fresh int) {
	now := time.Now()
	o.shared.Replied(a.From, a.RTT)
	o.proven.Add(a.From.Addr.Addr())
	for _, hash := range a.Samples {
		if o.see(ledger.Sampled, hash, a.From, netip.AddrPort{}, now) {
			fresh++
		}
	}
	o.journal.Add(Event{Kind: journal.Sampled, At: now, ID: a.From.ID, Addr: a.From.Addr, N: len(a.Samples),
		New: fresh, Wait: a.Interval})
	return fresh
}

// lookedUp takes in the outcome of one query of a get_peers lookup of hash.
func (o *observer) lookedUp(hash ID, q lookup.Outcome) {
	s := &q.Step
	if s.State != lookup.Replied {
		return
	}
	now := time.Now()
	o.proven.Add(s.Addr.Addr())
	if !q.Repeat {
		o.journal.Add(Event{Kind: journal.LookupStep, At: now, Hash: hash, ID: s.ID, Addr: s.Addr, N: s.Bits})
	}
	o.found.Add(uint64(len(q.Fresh)))
	for _, p := range q.Fresh {
		o.see(ledger.Found, hash, s.Contact, p, now)
	}
	if q.Peers > 0 {
		o.journal.Add(Event{Kind: journal.Found, At: now, Hash: hash, ID: s.ID, Addr: s.Addr, N: q.Peers, New: len(q.Fresh)})
	}
}
