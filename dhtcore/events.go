package dhtcore

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// observe takes in what a node saw: it counts sightings and keeps the journal. It runs mostly on the
// goroutine that reads the socket.
func (e *Explorer) observe(v node.Event) {
	switch v.Kind {
	case node.Requested:
		e.seeAt(v.Vantage, ledger.Requested, v.Hash, v.From, v.From.Addr, v.At)
		e.watchedSees(&v, v.From.Addr)
		e.journal.Add(Event{Kind: journal.Requested, At: v.At, Hash: v.Hash, ID: v.From.ID, Addr: v.From.Addr})
	case node.Announced:
		e.seeAt(v.Vantage, ledger.Announced, v.Hash, v.From, v.Peer, v.At)
		e.watchedSees(&v, v.Peer)
		e.journal.Add(Event{Kind: journal.Announced, At: v.At, Hash: v.Hash, ID: v.From.ID, Addr: v.Peer, N: v.Swarm})
	case node.ItemStored:
		e.journal.Add(Event{Kind: journal.ItemStored, At: v.At, Hash: v.Hash, ID: v.From.ID, Addr: v.From.Addr})
	case node.NodeJoined:
		e.journal.Add(Event{Kind: journal.NodeJoined, At: v.At, ID: v.From.ID, Addr: v.From.Addr})
	case node.SourceBlocked:
		e.journal.Add(Event{Kind: journal.Warning, At: v.At, Addr: v.From.Addr, Text: "a source floods this node and is blocked"})
	case node.Readdressed:
		text := "other nodes have told this one its external address" // which Addr has, to be masked or not
		if v.From.ID != v.Hash {
			text += ": its ID is a new one, valid there by BEP 42"
		}
		e.journal.Add(Event{Kind: journal.Warning, At: v.At, ID: v.From.ID, Addr: v.From.Addr, Text: text})
	case node.Reachable:
		e.journal.Add(Event{Kind: journal.Reachable, At: v.At, ID: v.From.ID, Addr: v.From.Addr,
			Text: "others reach this node: it serves as a full member"})
	case node.AnsweredLate:
		e.shared.Replied(v.From, v.RTT)
	case node.StayedSilent:
		e.shared.Failed(v.From)
	case node.NodeLeft:
		e.journal.Add(Event{Kind: journal.NodeLeft, At: v.At, ID: v.From.ID, Addr: v.From.Addr})
	}
}

// see counts one sighting of hash in the answer of from to a question of ours, and tells whether it is the
// first.
func (e *Explorer) see(kind ledger.Kind, hash ID, from wire.Contact, addr netip.AddrPort, now time.Time) (fresh bool) {
	return e.seeAt(max(e.vantages.index(from.Addr), 0), kind, hash, from, addr, now)
}

// seeAt counts one sighting of hash in what from sent to a vantage, and tells whether it is the first.
func (e *Explorer) seeAt(vantage int, kind ledger.Kind, hash ID, from wire.Contact, addr netip.AddrPort, now time.Time) (fresh bool) {
	fresh = e.ledger.See(kind, hash, addr, vantage, now)
	e.store.keepPeer(kind, hash, addr, now)
	if fresh {
		e.journal.Add(Event{Kind: journal.Discovered, At: now, Hash: hash, ID: from.ID, Addr: from.Addr})
	}
	return fresh
}

// sampled takes in the answer to a crawl's question and returns how many hashes were new.
func (e *Explorer) sampled(a crawl.Answer) (fresh int) {
	now := time.Now()
	e.shared.Replied(a.From, a.RTT)
	for _, hash := range a.Samples {
		if e.see(ledger.Sampled, hash, a.From, netip.AddrPort{}, now) {
			fresh++
		}
	}
	e.journal.Add(Event{Kind: journal.Sampled, At: now, ID: a.From.ID, Addr: a.From.Addr, N: len(a.Samples),
		New: fresh, Wait: a.Interval})
	return fresh
}
