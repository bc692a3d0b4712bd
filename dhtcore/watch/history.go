package watch

import (
	"encoding/json"
	"strconv"
	"time"
)

// Range is the least, the mean and the most of a number over a while.
type Range struct{ Min, Mean, Max float32 }

func (r *Range) add(n, value float32) {
	if n == 0 {
		*r = Range{value, value, value}
		return
	}
	r.Min, r.Max = min(r.Min, value), max(r.Max, value)
	r.Mean += (value - r.Mean) / (n + 1)
}

// merge takes in another range of o values, where r has n.
func (r *Range) merge(n float32, of Range, o float32) {
	if n == 0 {
		*r = of
		return
	}
	r.Min, r.Max = min(r.Min, of.Min), max(r.Max, of.Max)
	r.Mean += (of.Mean - r.Mean) * o / (n + o)
}

// Point sums up the observations of one step of time.
type Point struct {
	At time.Time // when the step begins
	N  int       // observations; 0 for none, and then the others are 0

	Seeds    Range
	Leechers Range
	Peers    Range // of an item: its holders
	Mine     Range // how many of the closest nodes named our own client
}

// MarshalJSON writes the point as a list of numbers, its time in Unix seconds.
func (p Point) MarshalJSON() ([]byte, error) {
	b := append(strconv.AppendInt([]byte{'['}, p.At.Unix(), 10), ',')
	b = strconv.AppendInt(b, int64(p.N), 10)
	for _, r := range [...]Range{p.Seeds, p.Leechers, p.Peers, p.Mine} {
		for _, f := range [...]float32{r.Min, r.Mean, r.Max} {
			b = strconv.AppendFloat(append(b, ','), float64(f), 'f', -1, 32)
		}
	}
	return append(b, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Point) UnmarshalJSON(b []byte) error {
	var v [14]float64
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	p.At, p.N = time.Unix(int64(v[0]), 0).UTC(), int(v[1])
	for i, r := range [...]*Range{&p.Seeds, &p.Leechers, &p.Peers, &p.Mine} {
		*r = Range{float32(v[2+3*i]), float32(v[3+3*i]), float32(v[4+3*i])}
	}
	return nil
}

// take adds an observation. Seeds that are not known do not count: then the peers are the best that is known of the swarm.
func (p *Point) take(o *Observation) {
	n := float32(p.N)
	peers := float32(o.Peers)
	if o.Held || o.Holders > 0 {
		peers = float32(o.Holders)
	}
	p.Seeds.add(n, float32(o.Seeds))
	p.Leechers.add(n, float32(o.Leechers))
	p.Peers.add(n, peers)
	p.Mine.add(n, float32(o.MineOn))
	p.N++
}

// join adds the observations of another point.
func (p *Point) join(of *Point) {
	n, o := float32(p.N), float32(of.N)
	if of.N == 0 {
		return
	}
	p.Seeds.merge(n, of.Seeds, o)
	p.Leechers.merge(n, of.Leechers, o)
	p.Peers.merge(n, of.Peers, o)
	p.Mine.merge(n, of.Mine, o)
	p.N += of.N
}

// tier is one resolution of a History.
type tier struct {
	step time.Duration
	keep int // points
}

// tiers are the resolutions, the finest first: 10 minutes for a day, an hour for a week, a day for a year.
var tiers = [...]tier{{10 * time.Minute, 144}, {time.Hour, 168}, {24 * time.Hour, 365}}

// History is what was observed of an entry, thinned and bounded: at most 677 points.
type History struct {
	points [len(tiers)][]Point // oldest first, only those with observations
}

// add takes in an observation.
func (h *History) add(o *Observation) {
	for i, t := range tiers {
		at := o.At.Truncate(t.step).UTC()
		points := h.points[i]
		if n := len(points); n == 0 || points[n-1].At.Before(at) {
			points = append(points, Point{At: at})
		}
		points[len(points)-1].take(o)
		oldest := at.Add(-time.Duration(t.keep-1) * t.step)
		gone := 0
		for gone < len(points) && points[gone].At.Before(oldest) {
			gone++
		}
		h.points[i] = points[gone:]
	}
}

// trend sums up the last n steps, the last one that of now.
func (h *History) trend(step time.Duration, n int, now time.Time) Trend {
	from := 0
	for i, t := range tiers { // the coarsest one that is fine enough reaches back furthest
		if t.step <= step {
			from = i
		}
	}
	last := now.Truncate(step).UTC()
	t := Trend{Last: last, Step: step}
	if len(h.points[from]) == 0 {
		return t
	}
	points := make([]Point, n)
	for i := range h.points[from] {
		p := &h.points[from][i]
		if k := n - 1 - int(last.Sub(p.At.Truncate(step))/step); k >= 0 && k < n {
			points[k].join(p)
		}
	}
	t.N = make([]uint16, n)
	for _, list := range []*[]float32{&t.Seeds, &t.SeedsMin, &t.SeedsMax, &t.Leechers, &t.Peers, &t.Mine} {
		*list = make([]float32, n)
	}
	for i := range points {
		p := &points[i]
		t.N[i] = uint16(min(p.N, 1<<16-1))
		t.Seeds[i], t.SeedsMin[i], t.SeedsMax[i] = p.Seeds.Mean, p.Seeds.Min, p.Seeds.Max
		t.Leechers[i], t.Peers[i], t.Mine[i] = p.Leechers.Mean, p.Peers.Mean, p.Mine.Mean
	}
	return t
}

// Trend is how an entry was over a while, in equal steps, oldest first. All lists are as long; nil where there is nothing.
// Where N is 0 nothing was observed, and the others are 0. It is read-only.
type Trend struct {
	Last time.Time     // when the last step began
	Step time.Duration // of each

	N                         []uint16  // observations
	Seeds, SeedsMin, SeedsMax []float32 // the mean, the least and the most
	Leechers                  []float32 // the mean, as of the next ones
	Peers                     []float32 // found; of an item, its holders
	Mine                      []float32 // of the closest nodes that named our own client
}
