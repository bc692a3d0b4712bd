package page

import (
	"math"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
)

// How many rows the lists have.
const (
	maxHashes  = 25
	maxNews    = 12
	maxLookups = 8
	maxEvents  = 14

	maxWarnings  = 4
	keepWarnings = time.Hour
)

// content is what the templates read. Every text of strangers in it has passed report.Options.Text, and html/template
// escapes all.
type content struct {
	s *dhtcore.Snapshot
	o report.Options
}

func newContent(s *dhtcore.Snapshot, o report.Options) *content { return &content{s, o} }

// Title names the page: the state first, as a tab shows little.
func (c *content) Title() string { return c.Phase() + " – dhtop" + c.Demo() }

// Demo marks the embedded network.
func (c *content) Demo() string {
	if c.s.Demo {
		return " demo"
	}
	return ""
}

// At is the time of the Snapshot.
func (c *content) At() string { return c.s.At.UTC().Format("2006-01-02 15:04:05 UTC") }

// Up is how long the node has run.
func (c *content) Up() string { return human.Age(c.s.At.Sub(c.s.Started)) }

// Phase is the word for how far the node is.
func (c *content) Phase() string { return c.s.Phase.String() }

// Weather is a word, and Forecast the sentence behind it.
func (c *content) Weather() string { return dhtcore.WeatherOf(c.s).String() }

// Forecast explains the Weather.
func (c *content) Forecast() string { return c.o.Text(dhtcore.ExplainWeather(c.s)) }

// Health is good, warn or bad: a class of the style sheet.
func (c *content) Health() string {
	switch w := dhtcore.WeatherOf(c.s); {
	case c.s.Phase == dhtcore.Offline || w == dhtcore.Poisoned:
		return "bad"
	case c.s.Phase != dhtcore.Serving || w == dhtcore.Deaf:
		return "warn"
	}
	return "good"
}

// Notices are what is wrong, the most important first.
func (c *content) Notices() (notices []string) {
	for _, n := range c.s.Notices {
		notices = append(notices, c.o.Text(n))
	}
	return notices
}

// fact is a number with its name.
type fact struct{ Name, Value, About string }

// Facts are the figures of the head.
func (c *content) Facts() (facts []fact) {
	s := c.s
	add := func(name, value, about string) { facts = append(facts, fact{name, value, about}) }
	add("up", c.Up(), "since "+s.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	for _, family := range []dhtcore.Family{dhtcore.IPv4, dhtcore.IPv6} {
		if good, all, found := nodesOf(s, family); found {
			add(family.String()+" nodes", human.Count(good), human.Count(all)+" in the routing tables, "+human.Count(good)+" of them good")
		}
	}
	add("in", human.Rate(s.Traffic.InRate)+"/s", "packets over the last second")
	add("out", human.Rate(s.Traffic.OutRate)+"/s", "packets over the last second")
	add("hashes", human.Count(s.Hashes.Seen), "distinct info_hashes seen")
	add("requests", human.Count(s.Hashes.Requests), "get_peers for torrents, repeats within a minute counted once")
	if size := &s.NetworkSize; size.Nodes > 0 && !math.IsInf(size.High, 1) {
		add("network", "≈ "+human.Rate(size.Nodes), "nodes; between "+human.Rate(size.Low)+" and "+human.Rate(size.High)+" by the last lookups")
	}
	if n := len(s.Traffic.Blocked); n > 0 {
		add("blocked", human.Count(n), "sources that flood this node")
	}
	return facts
}

// nodesOf counts the nodes of a family, in all routing tables.
func nodesOf(s *dhtcore.Snapshot, family dhtcore.Family) (good, all int, found bool) {
	for i := range s.Nodes {
		if n := &s.Nodes[i]; n.Family == family {
			good, all, found = good+n.Good, all+n.Good+n.Questionable+n.Bad, true
		}
	}
	return good, all, found
}

// name is what a hash is called: its name, or its hexadecimal form.
func (c *content) name(hash dhtcore.ID) string {
	if name := c.s.Names[hash]; name != "" {
		return c.o.Text(name)
	}
	for i := range c.s.Hashes.Top {
		if row := &c.s.Hashes.Top[i]; row.InfoHash == hash && row.Name != "" {
			return c.o.Text(row.Name)
		}
	}
	return hash.String()
}

// ago is an age; "now" for less than a second.
func (c *content) ago(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return human.Ago(c.s.At.Sub(t))
}
