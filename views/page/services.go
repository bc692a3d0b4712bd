package page

import (
	"dhtop/dhtcore/human"
)

// Crawl are the figures of the crawl; none where it has never run.
func (c *content) Crawl() (facts []fact) {
	crawl := &c.s.Crawl
	if !crawl.Running && crawl.Queries == 0 {
		return nil
	}
	state := "paused"
	switch {
	case crawl.Resting:
		state = "resting"
	case crawl.Running:
		state = "sweeping"
	}
	return []fact{
		{"crawl", state, "sweep " + human.Count(crawl.Sweep)},
		{"swept", human.Percent(crawl.Swept), "of the key space in this sweep"},
		{"new hashes", human.Count(crawl.New), "that nobody had shown this node before"},
		{"new now", human.Rate(crawl.Rate) + "/s", "over the last few seconds"},
		{"nodes asked", human.Count(crawl.NodesAsked), human.Count(crawl.NodesSpeaking) + " of them speak BEP 51"},
	}
}

// Tracker are the figures of our tracker; none without one.
func (c *content) Tracker() []fact {
	t := c.s.Tracker
	if t == nil {
		return nil
	}
	return []fact{
		{"swarms", human.Count(t.Swarms), "torrents with peers"},
		{"peers", human.Count(t.Peers), "in all swarms"},
		{"announces", human.Rate(t.Rate) + "/s", "over about the last minute"},
		{"interval", human.Age(t.Interval), "that clients are told"},
		{"failures", human.Count(t.Failures), "requests answered with a failure reason or an error"},
		{"banned", human.Count(t.Banned), "sources of false connection IDs"},
	}
}
