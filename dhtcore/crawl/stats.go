package crawl

import (
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
	Recapture lookup.Size
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

// Zoom returns the cells of one part of the key space, by the second byte of the ID.
func (c *Crawl) Zoom(prefix byte) (cells [256]Cell) { return cells }
