package watch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

var epoch = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// truth is how a watched thing really is.
type truth struct {
	seeds, leechers int
	mine            bool
	trackers        float64 // the swarm of the trackers, as a multiple of the true one
	seq             int64
	holders         int
}

// cause is a change of the truth, and the alerts that it must bring.
type cause struct {
	at     time.Time
	change func(t *truth)
	fires  []Kind
	clears []Kind

	fireBy time.Time // set when it happens
}

// thing is an entry with its truth, which causes change.
type thing struct {
	Entry
	now    truth
	causes []*cause
	next   int
}

// history is one run of a list through virtual weeks.
type history struct {
	*testing.T
	*rand.Rand
	seed   uint64
	list   *List
	now    time.Time
	things []*thing
	node   []*cause // of our own node
	state  NodeState
	away   []span // of the network

	lossy   float64 // of the lookups say nothing
	packets int
	lookups int
	alerts  []told
}

type span struct{ from, to time.Time }

type told struct {
	at    time.Time
	alert Alert
}

// miss is how often a lookup misses a peer that is there.
const miss = 0.02

// observe is what a lookup of a thing sees.
func (h *history) observe(t *thing) Observation {
	o := Observation{At: h.now, Packets: 50 + h.IntN(60), Closest: 8, Asked: 60, Replied: 40, Coverage: 1}
	h.lookups++
	h.packets += o.Packets
	if !h.state.Online || h.Float64() < h.lossy {
		o.Lost = true
		return o
	}
	if t.IsItem() {
		for range t.now.holders {
			if h.Float64() > 0.05 {
				o.Holders++
			}
		}
		if h.Float64() < 0.01 {
			o.Holders = 0
		}
		o.Held, o.Seq = o.Holders > 0, t.now.seq
		if o.Held && h.Float64() < 0.02 {
			o.Seq-- // those that have the newest did not reply
		}
		return o
	}
	part := 1.0
	if h.Float64() < 0.01 {
		part = 0.5
	}
	o.Seeds, o.Leechers = h.estimate(t.now.seeds, part), h.estimate(t.now.leechers, part)
	o.Peers = h.seen(t.now.seeds+t.now.leechers, part)
	o.SeedsKnown = o.Peers == 0 || h.Float64() > 0.03
	if !o.SeedsKnown {
		o.Seeds, o.Leechers = 0, 0
	}
	if o.Peers > 200 {
		o.Coverage = 0.9 + 0.1*h.Float64()
	}
	o.MineKnown = true
	if t.now.mine && h.Float64() > miss {
		o.MineOn = 1 + h.IntN(8)
	}
	if h.Float64() > 0.05 {
		o.TrackerKnown = true
		noise := max(0, 1+0.1*h.NormFloat64())
		o.TrackerSeeds = int(float64(t.now.seeds)*t.now.trackers*noise + 0.5)
		o.TrackerLeechers = int(float64(t.now.leechers)*t.now.trackers*noise + 0.5)
	}
	return o
}

// seen is how many of n a lookup finds.
func (h *history) seen(n int, part float64) (found int) {
	if n > 30 {
		return max(0, int(float64(n)*(1-miss)*part*(1+0.02*h.NormFloat64())))
	}
	for range n {
		if h.Float64() < (1-miss)*part {
			found++
		}
	}
	return found
}

// estimate is what BEP 33's filters make of n: what is seen, with the noise of a Bloom filter.
func (h *history) estimate(n int, part float64) int {
	seen := float64(h.seen(n, part))
	load := 2 * seen / filterBits
	noise := math.Sqrt(filterBits*(math.Exp(load)-load-1)) / 2
	return max(0, int(seen+noise*h.NormFloat64()+0.5))
}

// run plays the history until it ends, and checks what was told.
func (h *history) run(end time.Time) {
	for _, t := range h.things {
		if _, err := h.list.Add(t.Entry, h.now); err != nil {
			h.Fatal(err)
		}
	}
	h.tell(h.list.SetNode(h.state, h.now))
	for h.now.Before(end) {
		at := end
		if !h.state.Online || h.state.Port != PortOpen || h.list.node.gone != nil || h.list.node.closed != nil || h.now.Sub(h.list.node.since) < openFor {
			at = h.now.Add(20 * time.Second)
		}
		for _, c := range h.pending() {
			at = earlier(at, c.at)
		}
		e, ok, wait := h.list.Next(h.now)
		if ok {
			t := h.thing(e.Target)
			h.now = h.now.Add(time.Duration(100+h.IntN(5000)) * time.Millisecond)
			h.happen()
			h.tell(h.list.Observe(e.Target, h.observe(t)))
			h.tell(h.list.SetNode(h.state, h.now))
			continue
		}
		if wait < at.Sub(h.now) {
			at = h.now.Add(wait)
		}
		h.now = at
		h.happen()
		if h.IntN(20) == 0 { // somebody else looks it up
			t := h.things[h.IntN(len(h.things))]
			alerts, _ := h.list.ObserveOther(t.Target, h.observe(t))
			h.tell(alerts)
		}
		h.tell(h.list.SetNode(h.state, h.now))
	}
	h.check()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (h *history) thing(id wire.ID) *thing {
	return h.things[slices.IndexFunc(h.things, func(t *thing) bool { return t.Target == id })]
}

// pending are the next causes of each thing and of the node.
func (h *history) pending() (next []*cause) {
	for _, t := range h.things {
		if t.next < len(t.causes) {
			next = append(next, t.causes[t.next])
		}
	}
	for _, c := range h.node {
		if c.fireBy.IsZero() {
			return append(next, c)
		}
	}
	return next
}

// happen lets happen what is due.
func (h *history) happen() {
	for _, t := range h.things {
		for ; t.next < len(t.causes) && !t.causes[t.next].at.After(h.now); t.next++ {
			c := t.causes[t.next]
			c.change(&t.now)
			c.fireBy = h.extend(c.at, h.list.subjects[t.Target].promise)
		}
	}
	for _, c := range h.node {
		if c.fireBy.IsZero() && !c.at.After(h.now) {
			c.change(nil)
			c.fireBy = c.at.Add(closedFor + openFor)
		}
	}
}

// extend returns when an interval ends that begins at a moment: it begins anew when the network comes back.
func (h *history) extend(from time.Time, interval time.Duration) time.Time {
	end := from.Add(interval)
	for _, s := range h.away {
		if s.from.Before(end) && s.to.After(from.Add(-backFor)) {
			end = s.to.Add(interval)
		}
	}
	return end
}

func (h *history) tell(alerts []Alert) {
	for _, a := range alerts {
		h.alerts = append(h.alerts, told{h.now, a})
	}
}

// check compares what was told with its causes.
func (h *history) check() {
	type key struct {
		kind   Kind
		target wire.ID
	}
	fired, cleared := map[key][]time.Time{}, map[key][]time.Time{}
	for _, a := range h.alerts {
		k := key{a.alert.Kind, a.alert.Target}
		if a.alert.Firing() {
			fired[k] = append(fired[k], a.at)
		} else {
			cleared[k] = append(cleared[k], a.at)
		}
	}
	take := func(from map[key][]time.Time, k key, c *cause, word string) {
		i := slices.IndexFunc(from[k], func(at time.Time) bool { return !at.Before(c.at) && !at.After(c.fireBy) })
		if i < 0 && (c.fireBy.IsZero() || c.fireBy.After(h.now)) {
			return // the history ended before
		}
		if i < 0 {
			h.Errorf("history %d: the %s of %v about %.6s, caused at %s, was not told by %s; told at %v", h.seed, word, k.kind, k.target, stamp(c.at), stamp(c.fireBy), stamps(from[k]))
			return
		}
		from[k] = slices.Delete(from[k], i, i+1)
	}
	check := func(target wire.ID, causes []*cause) {
		for _, c := range causes {
			for _, kind := range c.fires {
				take(fired, key{kind, target}, c, "firing")
			}
			for _, kind := range c.clears {
				take(cleared, key{kind, target}, c, "clearing")
			}
		}
	}
	for _, t := range h.things {
		check(t.Target, t.causes)
	}
	check(wire.ID{}, h.node)
	for k, at := range fired {
		if len(at) > 0 {
			h.Errorf("history %d: %v about %.6s fired without a cause at %v", h.seed, k.kind, k.target, stamps(at))
		}
	}
}

func stamp(t time.Time) string {
	d := t.Sub(epoch)
	return fmt.Sprintf("day %d %s", int(d.Hours()/24), t.Format("15:04:05"))
}

func stamps(all []time.Time) (s []string) {
	for _, t := range all {
		s = append(s, stamp(t))
	}
	return s
}
