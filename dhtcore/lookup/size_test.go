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

// sample is that of a lookup of target which misses nobody.
func (s sky) sample(target wire.ID) sample {
	var all []float64
	for _, id := range s {
		all = append(all, fraction(target, id))
	}
	slices.Sort(all)
	var closest []neighbour
	for i, d := range all[:sizeOf] {
		closest = append(closest, neighbour{d, float64(i + 1)})
	}
	one := sampleOf(target, closest)
	one.heard = 10
	return one
}

func TestTheSizeOfTheNetworkIsEstimated(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const nodes, trials = 5_000, 40
	all := newSky(r, nodes)
	within := 0
	for range trials {
		var s sizes
		for range 16 {
			s.add(all.sample(node(r).ID))
		}
		e := s.estimate()
		if e.Low <= nodes && nodes <= e.High {
			within++
		}
		if e.Lookups < 14 || e.Lookups > 16 || e.Nodes < nodes/2 || e.Nodes > nodes*2 {
			t.Errorf("estimate %+v of %d nodes", e, nodes)
		}
	}
	if within < trials*8/10 { // 95 % of them, and chance
		t.Errorf("the interval holds the truth in %d of %d cases", within, trials)
	}
	if (&sizes{}).estimate() != (Size{}) {
		t.Error("an estimate from nothing")
	}
}

func TestTheSizeCountsThoseThatWereNotHeard(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	all := newSky(r, 2_000)
	var sound, lossy sizes
	for range 40 {
		one := all.sample(node(r).ID)
		one.heard, one.lost = 75, 0
		sound.add(one)
		one.heard, one.lost = 75, 25
		lossy.add(one)
	}
	a, b := sound.estimate(), lossy.estimate()
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
	var s sizes
	here := node(r).ID
	for range 8 {
		s.add(all.sample(node(r).ID))
	}
	before := s.estimate().Lookups
	for i := range 50 {
		here[19] = byte(i) // beside the last one
		s.add(all.sample(here))
	}
	if e := s.estimate(); before < 7 || e.Lookups != before+1 {
		t.Errorf("%d lookups, and one place again and again: %d", before, e.Lookups)
	}
}

func TestPlacesThatDifferMoreThanByChanceWidenTheInterval(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	few, many := newSky(r, 1_000), newSky(r, 20_000)
	var even, uneven sizes
	for i := range 32 {
		target := node(r).ID
		even.add(few.sample(target))
		if i%4 == 0 {
			uneven.add(many.sample(target)) // a crowd
		} else {
			uneven.add(few.sample(target))
		}
	}
	a, b := even.estimate(), uneven.estimate()
	if wide, wider := a.High/a.Low, b.High/b.Low; wider < 1.2*wide {
		t.Errorf("%+v where IDs are even, %+v where they are not", a, b)
	}
}
