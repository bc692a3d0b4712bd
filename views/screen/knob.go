package screen

import (
	"math"
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// Knob is a condition of the lab's network that the keys turn.
type Knob struct {
	Name  string
	Does  string // to a DHT
	Watch string // where that is seen

	steps []float64 // ascending
	get   func(*dhtcore.Conditions) float64
	set   func(*dhtcore.Conditions, float64)
	write func(float64) string
}

// The steps of the knobs.
var (
	shareSteps  = []float64{0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}
	delaySteps  = []float64{0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5} // seconds
	churnSteps  = []float64{0, 1, 2, 5, 10, 20, 30, 60, 120, 300}  // nodes a minute
	demandSteps = []float64{0.1, 0.25, 0.5, 1, 2, 4, 8, 16}        // times the usual
)

// Knobs are those of the lab, in the order of their rows.
var Knobs = [...]Knob{
	{Name: "loss", steps: shareSteps, write: human.Percent,
		Does:  "This share of the packets does not arrive. Queries time out, so lookups take longer and good nodes turn questionable.",
		Watch: "pane 4: the nodes that stay silent, and the time to the first peer",
		get:   func(c *dhtcore.Conditions) float64 { return c.Loss },
		set:   func(c *dhtcore.Conditions, v float64) { c.Loss = v }},
	{Name: "delay", steps: delaySteps, write: writeSeconds,
		Does:  "Every packet takes this much longer. A node must learn to wait longer, yet not so long that the dead hold up a lookup.",
		Watch: "pane 4: the dots stand further to the right; pane 3: the round-trip times",
		get:   func(c *dhtcore.Conditions) float64 { return c.Delay.Seconds() },
		set:   func(c *dhtcore.Conditions, v float64) { c.Delay = seconds(v) }},
	{Name: "silent", steps: shareSteps, write: human.Percent,
		Does:  "This share of the nodes answers no more, but others still name them. On Mainline, half of the nodes that are named are dead.",
		Watch: "pane 3: the good nodes turn questionable, then bad; pane 6: the silent and dead nodes",
		get:   func(c *dhtcore.Conditions) float64 { return c.Silent },
		set:   func(c *dhtcore.Conditions, v float64) { c.Silent = v }},
	{Name: "behind NAT", steps: shareSteps, write: human.Percent,
		Does:  "This share of the nodes asks, and hears only those that it asked. They must not enter a routing table for good.",
		Watch: "pane 3: the good nodes; pane 4: the nodes that stay silent",
		get:   func(c *dhtcore.Conditions) float64 { return c.NATed },
		set:   func(c *dhtcore.Conditions, v float64) { c.NATed = v }},
	{Name: "liars", steps: shareSteps, write: human.Percent,
		Does:  "This share of the nodes answers with neighbours that do not exist. Lookups and the crawl waste packets on them.",
		Watch: "the false contacts below; pane 4: the silent nodes near the hash; pane 6: the dead nodes",
		get:   func(c *dhtcore.Conditions) float64 { return c.Liars },
		set:   func(c *dhtcore.Conditions, v float64) { c.Liars = v }},
	{Name: "churn", steps: churnSteps, write: writePerMinute,
		Does:  "So many nodes leave each minute, and as many join. The contacts of a routing table age.",
		Watch: "pane 3: the bad nodes and how soon others replace them; pane 1: joined and left in the log",
		get:   churnPerMinute,
		set:   setChurn},
	{Name: "partition", steps: shareSteps, write: human.Percent,
		Does:  "This share of the nodes is cut off from the rest and from us. When it heals, the table must fill again by itself.",
		Watch: "pane 3: the good nodes, which the cut takes away; the status bar",
		get:   func(c *dhtcore.Conditions) float64 { return c.Partition },
		set:   func(c *dhtcore.Conditions, v float64) { c.Partition = v }},
	{Name: "demand", steps: demandSteps, write: func(v float64) string { return "×" + strconv.FormatFloat(v, 'g', 3, 64) },
		Does:  "The usual demand for hashes is multiplied by this.",
		Watch: "pane 2: the requests and the trend; the packets per second in the status bar",
		get:   demand,
		set:   setDemand},
}

func churnPerMinute(c *dhtcore.Conditions) float64 {
	if c.Churn <= 0 {
		return 0
	}
	return math.Round(1000*time.Minute.Seconds()/c.Churn.Seconds()) / 1000 // so that a step is found again
}

func setChurn(c *dhtcore.Conditions, perMinute float64) {
	c.Churn = 0
	if perMinute > 0 {
		c.Churn = seconds(time.Minute.Seconds() / perMinute)
	}
}

func demand(c *dhtcore.Conditions) float64 {
	if c.Demand <= 0 {
		return 1
	}
	return c.Demand
}

func setDemand(c *dhtcore.Conditions, times float64) {
	c.Demand = times
	if times == 1 { // that of a network that was never asked for another
		c.Demand = 0
	}
}

func seconds(v float64) time.Duration { return time.Duration(v*1000+0.5) * time.Millisecond }

func writeSeconds(v float64) string {
	if v < 1 {
		return human.Rounded(1000*v) + " ms"
	}
	return strconv.FormatFloat(v, 'g', 3, 64) + " s"
}

func writePerMinute(v float64) string {
	if v <= 0 {
		return "none"
	}
	return human.Rounded(v) + "/min"
}

// Text writes the knob's value.
func (k *Knob) Text(c *dhtcore.Conditions) string { return k.write(k.get(c)) }

// Turn changes the knob's value to the step that is by steps from it, and reports whether there was one.
func (k *Knob) Turn(c *dhtcore.Conditions, by int) bool {
	before := k.get(c)
	i := k.place(before)
	switch below := int(i); {
	case by > 0:
		below += by
		i = float64(min(below, len(k.steps)-1))
	case float64(below) < i: // between two steps, of which the lower one is the first step down
		i = float64(max(below+1+by, 0))
	default:
		i = float64(max(below+by, 0))
	}
	k.set(c, k.steps[int(i)])
	return k.get(c) != before
}

// Reset gives the knob the value that it has in other conditions.
func (k *Knob) Reset(c, to *dhtcore.Conditions) { k.set(c, k.get(to)) }

// Same reports whether the knob has the same value in both conditions.
func (k *Knob) Same(c, d *dhtcore.Conditions) bool { return k.get(c) == k.get(d) }

// Level is how far the knob is turned, 0 to 1: its steps are equally far apart.
func (k *Knob) Level(c *dhtcore.Conditions) float64 {
	return k.place(k.get(c)) / float64(len(k.steps)-1)
}

// place is the place of a value among the steps, a fraction where it is between two.
func (k *Knob) place(v float64) float64 {
	for i, step := range k.steps {
		switch {
		case v == step || v < step && i == 0:
			return float64(i)
		case v < step:
			return float64(i-1) + (v-k.steps[i-1])/(step-k.steps[i-1])
		}
	}
	return float64(len(k.steps) - 1)
}
