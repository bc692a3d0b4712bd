package lookup

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dhtop/dhtcore/wire"
)

// sky is the IDs of a network.
type sky []wire.ID

func newSky(r *rand.Rand, nodes int) (s sky) {
	for range nodes {
		s = append(s, node(r).ID)
	}
	return s
}

// measure returns the measurement of a lookup of target that misses no node.
func (s sky) measure(target wire.ID) measurement {
	var all []float64
	for _, id := range s {
		all = append(all, normedDistance(target, id))
	}
	slices.Sort(all)
	var closest []neighbour
	for i, d := range all[:measuredNodes] {
		closest = append(closest, neighbour{d, float64(i + 1)})
	}
	m := newMeasurement(target, closest)
	m.repeatReplies = 10
	return m
}

func TestTheSizeOfTheNetworkIsEstimated(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const nodes, trials = 5_000, 40
	all := newSky(r, nodes)
	within := 0
	for range trials {
		var e estimator
		for range 16 {
			e.track(all.measure(node(r).ID))
		}
		size := e.networkSize()
		if size.Low <= nodes && nodes <= size.High {
			within++
		}
		if size.Lookups < 14 || size.Lookups > 16 || size.Nodes < nodes/2 || size.Nodes > nodes*2 {
			t.Errorf("estimate %+v of %d nodes", size, nodes)
		}
	}
	if within < trials*8/10 { // 95 % of them, and chance
		t.Errorf("the interval holds the truth in %d of %d cases", within, trials)
	}
	if (&estimator{}).networkSize() != (Size{}) {
		t.Error("an estimate from nothing")
	}
}

func TestTheSizeCountsNodesWhoseRepliesWereLost(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	all := newSky(r, 2_000)
	var sound, lossy estimator
	for range 40 {
		m := all.measure(node(r).ID)
		m.repeatReplies, m.repeatLosses = 75, 0
		sound.track(m)
		m.repeatReplies, m.repeatLosses = 75, 25
		lossy.track(m)
	}
	a, b := sound.networkSize(), lossy.networkSize()
	if more := b.Nodes / a.Nodes; math.Abs(more-1/0.75) > 0.01 {
		t.Errorf("with a quarter of the answers lost it is %.3f times as large", more)
	}
	if b.High/b.Low <= a.High/a.Low {
		t.Errorf("%+v is as sure as %+v", b, a)
	}
}

func TestTheSamePlaceIsCountedOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	all := newSky(r, 20_000)
	var e estimator
	here := node(r).ID
	for range 8 {
		e.track(all.measure(node(r).ID))
	}
	before := e.networkSize().Lookups
	for i := range 50 {
		here[19] = byte(i) // beside the last one
		e.track(all.measure(here))
	}
	if size := e.networkSize(); before < 7 || size.Lookups != before+1 {
		t.Errorf("%d lookups, and one place again and again: %d", before, size.Lookups)
	}
}

func TestPlacesThatDifferMoreThanByChanceWidenTheInterval(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	few, many := newSky(r, 1_000), newSky(r, 20_000)
	var even, uneven estimator
	for i := range 32 {
		target := node(r).ID
		even.track(few.measure(target))
		if i%4 == 0 {
			uneven.track(many.measure(target)) // a crowd
		} else {
			uneven.track(few.measure(target))
		}
	}
	a, b := even.networkSize(), uneven.networkSize()
	if wide, wider := a.High/a.Low, b.High/b.Low; wider < 1.2*wide {
		t.Errorf("%+v where IDs are even, %+v where they are not", a, b)
	}
}

func TestAnEstimateComesFromTheLatestLookups(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 10))
	all := newSky(r, 5_000)
	var e estimator
	for range 200 {
		e.track(all.measure(node(r).ID))
	}
	if n := e.networkSize().Lookups; n != 64 {
		t.Errorf("an estimate from %d lookups", n)
	}
}

// A node before the closest that has not replied may be alive: the rank of those behind it grows by the
// probability.
func TestNodesThatAreWaitedForCountByTheirChance(t *testing.T) {
	l := fresh(Config{})
	for i := range byte(12) {
		l.learn(at(i, 1, i), nil)
	}
	s := &l.shortlists[0]
	for i, c := range s.sorted {
		c.become(replied)
		switch i {
		case 1:
			c.become(waiting)
		case 3:
			c.become(unreachable)
		}
	}
	list := s.neighbours(wire.ID{}, s.closest(8), func(*candidate) float64 { return 0.95 })
	for i, want := range []float64{1, 2.95, 3.95, 4.95, 5.95} {
		if len(list) != 5 || math.Abs(list[i].rank-want) > 1e-9 {
			t.Fatalf("neighbours %+v, rank %d should be %.2f", list, i, want)
		}
	}
	if want := normedDistance(wire.ID{}, s.sorted[2].step.ID); list[1].distance != want {
		t.Errorf("the second neighbour is at %g, want %g", list[1].distance, want)
	}
}
