package dhtcore

import (
	"net/netip"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/peers"
)

// maxTrackedEvents is how many new peers a second of the tracker the journal tells of: a busy tracker has tens of thousands,
// which would leave no room for what the DHT does.
const maxTrackedEvents = 500

// trackerSightings takes in what our tracker saw: it counts announces and keeps the journal. The hashes may be those of
// private torrents: nothing asks the DHT about them, and no reply to a DHT query has them.
type trackerSightings struct {
	ledger  *ledger.Ledger
	journal *journal.Journal

	second atomic.Int64 // of the last event, in Unix time
	told   atomic.Int64 // events in it

	rows []ledger.TrackedSum // of announced, which one goroutine at a time calls
}

// joined takes in a peer that is new in its swarm. It runs on the goroutine that answers the peer.
func (s *trackerSightings) joined(hash ID, peer netip.AddrPort, c peers.Counts, at time.Time) {
	if second := at.Unix(); s.second.Swap(second) != second {
		s.told.Store(0)
	}
	if s.told.Add(1) <= maxTrackedEvents {
		s.journal.Add(Event{Kind: journal.Tracked, At: at, Hash: hash, Addr: peer, N: c.Seeds + c.Leechers})
	}
}

// announced takes in how many announces came lately.
func (s *trackerSightings) announced(sums []peers.Announces) {
	s.rows = s.rows[:0]
	for _, sum := range sums {
		s.rows = append(s.rows, ledger.TrackedSum{InfoHash: sum.Hash, Announces: sum.N})
	}
	s.ledger.Track(s.rows, time.Now())
}
