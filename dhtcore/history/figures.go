package history

import (
	"math"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Figure is one of the numbers that the history keeps, by its row in Figures.
type Figure uint8

// FigureInfo says what a figure is.
type FigureInfo struct {
	Name   string // a few words, lower case
	Unit   string // "" for a number of things
	About  string // one sentence: how it is measured
	Normal string // what is normal
	of     func(now, before *Reading) float64
}

// Figures are those that the history keeps. The function of a row gets the readings of now and of a minute ago; NaN means that the
// figure is not known.
var Figures = [...]FigureInfo{
	{"packets in", "/s", "Packets that came in over the minute, of every kind.", "A few a second on an idle node, tens on one that is well known, more during a crawl.",
		perSecond(func(r *Reading) uint64 { return r.Stats.PacketsIn })},
	{"packets out", "/s", "Packets that this node sent over the minute, its replies to others among them.", "About as many as come in.",
		perSecond(func(r *Reading) uint64 { return r.Stats.PacketsOut })},
	{"bytes in", "B/s", "Payload of the packets that came in; IP and UDP headers add 28 bytes a packet.", "Some 100 to 300 bytes a packet.",
		perSecond(func(r *Reading) uint64 { return r.Stats.BytesIn })},
	{"bytes out", "B/s", "Payload of the packets that were sent, without headers.", "Some 100 to 300 bytes a packet.",
		perSecond(func(r *Reading) uint64 { return r.Stats.BytesOut })},
	{"requests", "/min", "get_peers for torrents that reached this node; those of a source within a minute count once, maintenance does not count.", "1 to 5 after ten minutes, tens after a day.",
		perMinute(func(r *Reading) uint64 { return r.Requests })},
	{"new hashes", "/min", "info_hashes that were seen for the first time, in whatever way.", "Less than the requests without a crawl, thousands with one.",
		perMinute(func(r *Reading) uint64 { return r.Hashes })},
	{"hashes", "", "Distinct info_hashes seen since the start, those in the store included.", "It grows all the time.",
		func(now, _ *Reading) float64 { return float64(now.Hashes) }},
	{"good IPv4 nodes", "", "Nodes of our IPv4 routing tables that replied within 15 minutes (BEP 5).", "100 to 250 an identity on Mainline.",
		func(now, _ *Reading) float64 { return now.Good[wire.IPv4] }},
	{"good IPv6 nodes", "", "Nodes of our IPv6 routing tables that replied within 15 minutes (BEP 5).", "50 to 150 an identity on Mainline; none without IPv6.",
		func(now, _ *Reading) float64 { return now.Good[wire.IPv6] }},
	{"RTT, median", "ms", "Median time from a query of ours to its reply over the minute, of all methods.", "50 to 200 ms on a home line; more says that the line is busy.", medianRTT},
	{"silent", "%", "Share of our queries that ended over the minute without a reply within 5 s.", "Up to 50 % on Mainline, as half of the contacts there are gone; a table at rest is below 20 %.", silentShare},
	{"lookups", "/min", "Lookups that were started, those that keep the routing table included.", "A few, and what you start.",
		perMinute(func(r *Reading) uint64 { return r.Lookups })},
	{"peers found", "/min", "Peers that lookups found, each once a lookup.", "None without lookups of torrents.",
		perMinute(func(r *Reading) uint64 { return r.Found })},
	{"crawl, new", "/min", "Hashes that the crawl found and nobody had shown this node before.", "Thousands at the start of a crawl, falling as less is left; none while it is paused.",
		perMinute(func(r *Reading) uint64 { return r.Crawled })},
	{"network size", "", "Nodes of the network, from how close to its target each lookup comes; IPv6 only where there is no IPv4.", "Millions on Mainline IPv4; within 14 % after 16 lookups.",
		func(now, _ *Reading) float64 { return positive(now.Size) }},
	{"store", "B", "Bytes that the store uses.", "It grows to --keep, and stays there.",
		func(now, _ *Reading) float64 { return positive(now.Store) }},
	{"memory", "B", "Memory that the program has from the system, as the Go runtime counts it.", "100 to 300 MB; steady after an hour.",
		func(now, _ *Reading) float64 { return now.Memory }},
	{"goroutines", "", "Goroutines of the program.", "Tens; a few more for each query that waits. Steady after an hour.",
		func(now, _ *Reading) float64 { return now.Goroutines }},
	{"budget", "%", "Packets of our queries over the minute, as a share of what --rate allows.", "Below 20 % at rest, near 100 % during a crawl.", budgetShare},
	{"blocked", "", "Sources that are blocked at this moment, as they send more than --inbound-per-ip.", "None; a few on a node that is well known.",
		func(now, _ *Reading) float64 { return now.Blocked }},
}

// HashesFigure is the figure of the hashes seen so far.
const HashesFigure = 6

// FigureCount is how many figures there are.
const FigureCount = len(Figures)

// reading is what the figures of one minute are made of.
type Reading struct {
	At                                        time.Time
	Stats                                     node.Stats
	RTT                                       node.RTTHistogram // of all methods, so far
	Requests, Hashes, Lookups, Found, Crawled uint64            // so far
	Good                                      [2]float64        // by Family; NaN where we have no identity
	Size, Store, Memory, Goroutines, Blocked  float64
	Limit                                     float64 // on our packets/s; 0 for none
}

func perSecond(of func(*Reading) uint64) func(now, before *Reading) float64 {
	return func(now, before *Reading) float64 {
		seconds := now.At.Sub(before.At).Seconds()
		if seconds <= 0 {
			return math.NaN()
		}
		return float64(of(now)-min(of(before), of(now))) / seconds
	}
}

func perMinute(of func(*Reading) uint64) func(now, before *Reading) float64 {
	each := perSecond(of)
	return func(now, before *Reading) float64 { return each(now, before) * 60 }
}

func medianRTT(now, before *Reading) float64 {
	h := now.RTT
	h.Sub(&before.RTT)
	if h.Count() == 0 {
		return math.NaN()
	}
	return h.Quantile(0.5).Seconds() * 1000
}

func silentShare(now, before *Reading) float64 {
	ended := func(r *Reading) uint64 { return r.Stats.RepliesIn + r.Stats.ErrorsIn + r.Stats.TimedOut }
	n := ended(now) - ended(before)
	if n == 0 {
		return math.NaN()
	}
	return 100 * float64(now.Stats.TimedOut-before.Stats.TimedOut) / float64(n)
}

func budgetShare(now, before *Reading) float64 {
	if now.Limit <= 0 {
		return math.NaN()
	}
	return 100 * perSecond(func(r *Reading) uint64 { return r.Stats.QueriesOut })(now, before) / now.Limit
}

// positive is f, or unknown where it is 0.
func positive(f float64) float64 {
	if f <= 0 {
		return math.NaN()
	}
	return f
}
