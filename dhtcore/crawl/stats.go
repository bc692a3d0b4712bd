package crawl

import (
	"encoding/binary"
	"math"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// Stats is how the crawl stands. What it says of nodes is of the sweep that runs or ran last, what it counts of
// packets and hashes is since the start.
type Stats struct {
	Running bool

	NodesAsked    int // distinct nodes; one that is forgotten and asked again counts again
	NodesSpeaking int // of them, those that speak BEP 51
	NodesWaiting  int // of them, those inside their interval now
	Mute          int // asked in this sweep, answered, but do not speak BEP 51
	Silent        int // asked in this sweep, did not answer
	Dead          int // of the silent, those that did not answer before either

	Packets            uint64 // sent
	Queries, Replies   uint64 // of them, queries for samples; replies to those, refusals included
	Hashes, New        uint64 // in replies; of them, unseen before
	IntervalViolations uint64 // queries sent before a node's interval was over: a bug if not 0
	Mismatches         uint64 // replies under another ID than the one that a referrer named
	Distrusted         uint64 // contacts not asked because of who named them, or where they are
	Collapses          int    // how often the yield collapsed and the crawl fell back to trusted nodes

	Sweep        int // which one, from 1; 0 before the first
	SweepStarted time.Time
	Cursor       wire.ID       // the sweep is done with what is below
	Swept        float64       // share of the keyspace below the cursor
	ETA          time.Duration // until this sweep is done, or while resting until the next begins; 0 for unknown
	Resting      bool          // the sweep is done, and the intervals of the nodes are not over
	Cells        [256]Cell     // the keyspace by the first byte of the ID

	Rate    float64   // new hashes/s, over the last few seconds
	History []float64 // new hashes in each second, oldest first, at most HistoryLen

	// Recapture is the size of the IPv4 network by mark and recapture, or of the IPv6 one where there is no
	// other; Recapture6 is of IPv6. Their Lookups counts the recaptured nodes.
	Recapture, Recapture6 lookup.Size
}

// Stats returns the counts as of now.
func (c *Crawl) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plan.snapshot(time.Now())
}

// New returns how many hashes the crawl has found that were unseen before: Stats.New.
func (c *Crawl) New() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plan.stats.New
}

// Zoom returns the cells of one part of the keyspace, by the second byte of the ID.
func (c *Crawl) Zoom(prefix byte) [256]Cell {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plan.heatmap.zoom(prefix)
}

// etaFrom is the share of a sweep that must be done before its end can be foretold.
const etaFrom = 0.002

// snapshot returns the counts with all that is computed.
func (p *planner) snapshot(now time.Time) Stats {
	s := p.stats
	s.Running, s.Resting = p.running, p.schedule.resting
	s.Sweep, s.SweepStarted = p.schedule.number, p.schedule.started
	s.Cells = p.heatmap.overview()
	s.History, s.Rate = p.meter.history(), p.meter.rate()
	s.NodesWaiting = p.records.insideInterval(now)
	if s.Sweep == 0 {
		return s
	}
	place := p.networks.place(p.trusted)
	binary.BigEndian.PutUint64(s.Cursor[:], place)
	s.Swept = float64(place) / math.MaxUint64
	switch {
	case s.Resting:
		s.ETA = max(p.schedule.next.Sub(now), 0)
	case s.Swept > etaFrom:
		done := p.networks.done(p.trusted, &p.heatmap, s.Sweep)
		s.ETA = time.Duration(float64(p.schedule.active) * (1 - done) / done)
	}
	s.Recapture = p.networks[wire.IPv4].size(wire.IPv4, &p.heatmap, &p.records, &p.schedule)
	s.Recapture6 = p.networks[wire.IPv6].size(wire.IPv6, &p.heatmap, &p.records, &p.schedule)
	if !p.trusted.has(wire.IPv4) && s.Recapture6.Nodes > 0 {
		s.Recapture = s.Recapture6
	}
	return s
}
