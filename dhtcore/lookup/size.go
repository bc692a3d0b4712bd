package lookup

import (
	"encoding/binary"
	"math"
	"slices"

	"dhtop/dhtcore/wire"
)

// How the size of a network is estimated.
const (
	// maxMeasurements is how many lookups count: enough for a narrow interval, few enough to follow a
	// network that changes.
	maxMeasurements = 64
	// measuredNodes is how many of the closest nodes of a lookup count. A reply has 8 contacts; where half
	// of them are dead, 4 or 5 are alive, and some of the nodes beyond them are missed (see horizon.go).
	measuredNodes = 5
	// priorRepeatReplies and priorRepeatLosses are the prior of repeated queries, with the weight of a few.
	priorRepeatReplies, priorRepeatLosses = 19, 1
	// confidence is the half width of a 95 % interval in standard deviations.
	confidence = 1.96
)

// Size is an estimate of how many nodes of a network reply. Low and High bound it with 95 % confidence;
// High may be infinite. All fields are 0 before the first lookup.
type Size struct {
	Nodes, Low, High float64
	Lookups          int // that the estimate comes from, the latest ones
}

// estimator estimates the size of a network from the distances of the closest nodes of many lookups, by
// least squares: in a network of N nodes the i-th closest is on average i/N of the key space away from any
// target, so N is the slope of i over that distance (the method described by the documentation of
// mainline; kad-dht's netsize does the same).
//
// A lookup misses some nodes that are alive, which makes the network look smaller than it is. Two causes
// are measured and corrected. Packets get lost: a node that has just replied is alive, so its silence when
// it is queried again was a loss, and the slope is divided by the share of such repeats that are replied
// to. Some nodes are too slow to wait for: each counts for the probability that it is alive.
//
// The zero value is empty.
type estimator struct{ measurements []measurement } // oldest first, of different places in the key space

// measurement is what one lookup adds.
type measurement struct {
	target                      wire.ID
	squares, products           float64 // the sums of i*i and of i*distance
	variance                    float64 // of products/squares, relative to its square
	repeatReplies, repeatLosses int     // of the first repeated query to each node
}

// trackSize adds a lookup that has run its course to the estimate. mu is held.
func (l *Lookup) trackSize() {
	now := l.ended.Sub(l.started)
	waits := l.cfg.Shared.waited(l.queried, now)
	chance := func(c *candidate) float64 { return waits.chance(now - c.asked) }
	for _, s := range l.shortlists.all() {
		if closest := s.closest(l.cfg.K); len(closest) == l.cfg.K && !l.forged(s.family, closest) {
			m := newMeasurement(l.cfg.Target, s.neighbours(l.cfg.Target, closest, chance))
			m.repeatReplies, m.repeatLosses = s.repeatReplies, s.repeatLosses
			l.cfg.Shared.trackSize(s.family, m)
		}
	}
}

// neighbours returns the first of the closest nodes. A node before one of them that has not replied yet
// counts for the probability that it is alive.
func (s *shortlist) neighbours(target wire.ID, closest []*candidate, chance func(*candidate) float64) (list []neighbour) {
	alive := 0.0 // of those that have not replied
	for _, c := range s.sorted {
		switch {
		case len(list) == min(measuredNodes, len(closest)):
			return list
		case c == closest[len(list)]:
			list = append(list, neighbour{normedDistance(target, c.step.ID), float64(len(list)+1) + alive})
		case c.inFlight():
			alive += chance(c)
		}
	}
	return list
}

// neighbour is one of the closest nodes that replied.
type neighbour struct {
	distance float64 // as a share of the key space
	rank     float64 // among all that are alive, as far as we know; 1 is the closest
}

// newMeasurement returns what a lookup of target adds that found these nodes, closest first.
func newMeasurement(target wire.ID, nodes []neighbour) measurement {
	m := measurement{target: target}
	for _, n := range nodes {
		m.squares += n.rank * n.rank
		m.products += n.rank * n.distance
	}
	// The gaps between neighbours are independent and exponential. The j-th gap is part of the distances
	// of the j-th node and of all after it.
	weight := 0.0
	for j := len(nodes); j >= 1; j-- {
		weight += float64(j)
		m.variance += weight * weight
	}
	m.variance /= m.squares * m.squares
	return m
}

// track adds m in place of earlier measurements that may be of the same nodes, which would otherwise count
// twice: targets that were looked up before, and our own neighbourhood.
func (e *estimator) track(m measurement) {
	if nodes := e.networkSize().Nodes; nodes > 0 {
		e.measurements = slices.DeleteFunc(e.measurements, func(old measurement) bool {
			return normedDistance(m.target, old.target) < 2*measuredNodes/nodes
		})
	}
	e.measurements = append(e.measurements, m)
	e.measurements = e.measurements[max(len(e.measurements)-maxMeasurements, 0):]
}

// networkSize returns the estimate.
func (e *estimator) networkSize() Size {
	var sum measurement
	for i := range e.measurements {
		m := &e.measurements[i]
		sum.squares += m.squares
		sum.products += m.products
		sum.variance += m.variance
		sum.repeatReplies += m.repeatReplies
		sum.repeatLosses += m.repeatLosses
	}
	if sum.products == 0 {
		return Size{}
	}
	n := float64(len(e.measurements))
	slope := sum.squares / sum.products
	rate, rateVariance := sum.repeatRate()
	nodes := slope / rate
	spread := confidence * math.Sqrt(max(sum.variance/(n*n), e.scatter(slope))+rateVariance)
	size := Size{Nodes: nodes, Low: nodes / (1 + spread), High: math.Inf(1), Lookups: len(e.measurements)}
	if spread < 1 {
		size.High = nodes / (1 - spread)
	}
	return size
}

// repeatRate returns the share of queries to live nodes that get a reply, and its variance relative to its
// square: the mean and the variance of a beta distribution.
func (m *measurement) repeatRate() (rate, variance float64) {
	replies, losses := float64(m.repeatReplies+priorRepeatReplies), float64(m.repeatLosses+priorRepeatLosses)
	return replies / (replies + losses), losses / (replies * (replies + losses + 1))
}

// scatter returns the variance of the slope, relative to its square, judged by how much the measurements
// differ: by more than chance where IDs are not random.
func (e *estimator) scatter(slope float64) float64 {
	n, squares, errors := float64(len(e.measurements)), 0.0, 0.0
	for i := range e.measurements {
		m := &e.measurements[i]
		squares += m.squares
		residual := m.squares - slope*m.products
		errors += residual * residual
	}
	return errors / (squares * squares) * n / max(n-1, 1)
}

// normedDistance returns the distance of two IDs as a share of the key space, 0 to 1.
func normedDistance(a, b wire.ID) float64 {
	d := wire.Distance(a, b)
	high, low := binary.BigEndian.Uint64(d[:8]), binary.BigEndian.Uint64(d[8:16])
	return math.Ldexp(float64(high), -64) + math.Ldexp(float64(low), -128)
}
