package lookup

import (
	"encoding/binary"
	"math"

	"dhtop/dhtcore/wire"
)

// sizesKept is how many lookups an estimate of the network's size is made of: enough for 9 %, few
// enough to follow a network that changes.
const sizesKept = 64

// confidence is the width of a 95 % interval in standard deviations.
const confidence = 1.96

// Size is an estimate of how many nodes that answer a network has. Low and High bound it with 95 %
// confidence. All are 0 before the first lookup.
type Size struct {
	Nodes, Low, High float64
	Lookups          int // that it comes from, the latest ones
}

// sizes makes an estimate from the distances of the closest nodes of many lookups, by least squares: in
// a network of N nodes the i-th closest is on average i/N of the key space away from any target, so
// that N is the slope of i over that distance (the method that the documentation of mainline gives).
type sizes struct {
	kept  [sizesKept]sample
	count int
}

// sample is what one lookup adds: the sums of i*i and of i*distance.
type sample struct {
	squares, products float64
	variance          float64 // of products/squares, relative to its square
}

// add takes in the distances of the closest nodes, closest first, as shares of the key space.
func (s *sizes) add(distances []float64) {
	var one sample
	for i, d := range distances {
		one.squares += float64((i + 1) * (i + 1))
		one.products += float64(i+1) * d
	}
	// The gaps between neighbours are independent and exponential; the j-th is in the distances of the
	// j-th node and of all after it.
	weight := 0.0
	for j := len(distances); j >= 1; j-- {
		weight += float64(j)
		one.variance += weight * weight
	}
	one.variance /= one.squares * one.squares
	s.kept[s.count%sizesKept] = one
	s.count++
}

func (s *sizes) estimate() Size {
	n := min(s.count, sizesKept)
	var sum sample
	for _, one := range s.kept[:n] {
		sum.squares += one.squares
		sum.products += one.products
		sum.variance += one.variance
	}
	if sum.products == 0 {
		return Size{}
	}
	nodes := sum.squares / sum.products
	spread := confidence * math.Sqrt(sum.variance) / float64(n)
	size := Size{Nodes: nodes, Low: nodes / (1 + spread), High: math.Inf(1), Lookups: n}
	if spread < 1 {
		size.High = nodes / (1 - spread)
	}
	return size
}

// fraction returns the distance of two IDs as a share of the key space.
func fraction(a, b wire.ID) float64 {
	d := wire.Distance(a, b)
	return math.Ldexp(float64(binary.BigEndian.Uint64(d[:8])), -64) + math.Ldexp(float64(binary.BigEndian.Uint64(d[8:16])), -128)
}
