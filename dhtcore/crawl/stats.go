package crawl

import (
	"encoding/binary"
	"math"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// Stats is how the crawl stands. What it says of nodes is of the sweep that runs or ran last, what it counts
// of packets and hashes is since the start.
type Stats struct {
	Running bool

	NodesAsked    int // distinct nodes that were asked; one that is forgotten and asked again counts again
	NodesSpeaking int // of them, those that speak BEP 51
	NodesWaiting  int // of them, those inside their interval now
	Mute          int // asked in this sweep: they answer, but do not speak BEP 51
	Silent        int // and they did not answer
	Dead          int // of the silent, those that did not answer before either

	Packets            uint64 // sent
	Queries, Replies   uint64 // of them, questions for samples; answers to those, refusals included
	Hashes, New        uint64 // in replies; of them, unseen before
	IntervalViolations uint64 // questions sent before a node's interval was over: a bug if not 0
	Mismatches         uint64 // answers under another ID than the one that others told of
	Doubted            uint64 // contacts that were not asked because of who told of them, or where they are
	Collapses          int    // how often the yield collapsed and the sweep fell back to good nodes

	Sweep        int // which one, from 1; 0 before the first
	SweepStarted time.Time
	Cursor       wire.ID       // what is below has been swept
	Swept        float64       // share of the key space that this sweep has seen
	ETA          time.Duration // until this sweep is done, or when it is, until the next begins; 0 unknown
	Resting      bool          // the sweep is done, and the nodes' intervals are not
	Cells        [256]Cell     // the key space by the first byte of the ID

	Rate    float64   // new hashes/s, over the last few seconds
	History []float64 // new hashes in each second, oldest first, at most HistoryLen

	// Recapture is the size of the network by mark and recapture: nodes that answered the sweep are
	// marked, and some that others name are asked again. Lookups counts these.
	// Recapture is of the IPv4 network, or of the IPv6 one where there is no other; Recapture6 is of IPv6.
	Recapture, Recapture6 lookup.Size
}

// Cell is a part of the key space in the sweep that runs, or the last one that came by.
type Cell struct {
	Nodes    int // that others told of
	Asked    int
	Speaking int // of those asked, they answered with samples
	Hashes   int // in these samples
}

// HistoryLen is how many seconds of discovery the Stats remember.
const HistoryLen = 120

// Stats returns the counts as of now.
func (c *Crawl) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Mute, s.Silent, s.Dead = c.schedule.mute, c.schedule.silent, c.schedule.dead
	for i := range s.Cells {
		s.Cells[i] = c.heatmap.cells[i].view()
	}
	s.History = c.meter.history()
	s.Rate = c.meter.rate()
	s.NodesWaiting = c.waiting(time.Now())
	if s.Sweep == 0 {
		return s
	}
	place := c.place()
	binary.BigEndian.PutUint64(s.Cursor[:], place)
	s.Swept = float64(place) / math.MaxUint64
	switch {
	case s.Resting:
		s.ETA = max(time.Until(c.schedule.next), 0)
	case s.Swept > etaFrom:
		done := c.done()
		s.ETA = time.Duration(float64(c.schedule.active) * (1 - done) / done)
	}
	s.Recapture, s.Recapture6 = c.size(0), c.size(1)
	if !c.trusted.has(0) && s.Recapture6.Nodes > 0 {
		s.Recapture = s.Recapture6
	}
	return s
}

// size returns the size of the network of a family by mark and recapture.
func (c *Crawl) size(family int) lookup.Size {
	marks, share := c.heatmap.below(c.sweeps[family].watermark.place, c.schedule.number, family)
	return estimate(marks, share, len(c.recapture[family].caught), c.marked(family))
}

// etaFrom is the share of a sweep that must be done before its end can be foretold.
const etaFrom = 0.002

// done returns the share of the visits of this sweep that have been made, in the network that lags behind. Those
// ahead of the cursor count too, of which there are many: in what is settled, one part of the key space stands
// for the others.
func (c *Crawl) done() float64 {
	least := 1.0
	for family := range c.sweeps {
		if !c.trusted.has(family) {
			continue
		}
		done := float64(c.sweeps[family].place()) / math.MaxUint64
		settled, share := c.heatmap.below(c.sweeps[family].watermark.place, c.schedule.number, family)
		if all, _ := c.heatmap.below(math.MaxUint64, c.schedule.number, family); settled > 0 {
			done = max(done, min(share*float64(all)/float64(settled), 1))
		}
		least = min(least, done)
	}
	return least
}

// place returns how far the sweep has come: in the network that lags behind, of those that there are.
func (c *Crawl) place() uint64 {
	switch {
	case !c.trusted.has(1):
		return c.sweeps[0].place()
	case !c.trusted.has(0):
		return c.sweeps[1].place()
	}
	return min(c.sweeps[0].place(), c.sweeps[1].place())
}

// waitingFor is how long the count of the nodes inside their interval is shown before it is made anew: it
// takes a look at all records.
const waitingFor = 10 * time.Second

func (c *Crawl) waiting(now time.Time) int {
	if now.Sub(c.counted) < waitingFor {
		return c.inside
	}
	c.counted, c.inside = now, 0
	at := stamp(now)
	for i := range c.records.records {
		if c.records.records[i].due > at {
			c.inside++
		}
	}
	return c.inside
}

// Zoom returns the cells of one part of the key space, by the second byte of the ID.
func (c *Crawl) Zoom(prefix byte) (cells [256]Cell) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range cells {
		cells[i] = c.heatmap.fine[int(prefix)<<8|i].view()
	}
	return cells
}

// pulse is the discovery of the last seconds.
type meter struct {
	seconds [HistoryLen]float64 // ring
	count   int
	last    uint64 // new hashes as of the last second
}

// rateOver is how many seconds Rate is the mean of.
const rateOver = 5

// tick notes how many hashes were new as of this second.
func (p *meter) tick(total uint64) {
	p.seconds[p.count%HistoryLen] = float64(total - p.last)
	p.count++
	p.last = total
}

func (p *meter) history() (h []float64) {
	for i := max(p.count-HistoryLen, 0); i < p.count; i++ {
		h = append(h, p.seconds[i%HistoryLen])
	}
	return h
}

func (p *meter) rate() float64 {
	n := min(p.count, rateOver)
	sum := 0.0
	for i := range n {
		sum += p.seconds[(p.count-1-i)%HistoryLen]
	}
	return sum / float64(max(n, 1))
}
