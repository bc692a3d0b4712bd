package ledger

import (
	"math"

	"github.com/axiomhq/hyperloglog"
)

// The registers of a dense sketch of precision 14, and their highest value: 64 bits, less those that choose the
// register, and one. In the binary form (documented at UnmarshalBinary) they are the bytes after a header.
const (
	registers    = 1 << 14
	highest      = 64 - 14 + 1
	headerLen    = 8
	alphaInf     = 0.5 / math.Ln2
	histograms   = 4 // so that counting a byte need not wait for the one before
	registersLen = headerLen + registers
)

// estimate estimates the size of a dense sketch with the improved raw estimator of Ertl, "New cardinality
// estimation algorithms for HyperLogLog sketches" (arXiv:1702.01284), which needs only a histogram of the
// registers. The library raises a power for each register, which takes many times as long, and packets would wait.
// scratch is reused.
func estimate(s *hyperloglog.Sketch, scratch []byte) (n int, _ []byte) {
	scratch, err := s.AppendBinary(scratch[:0])
	if err != nil || len(scratch) != registersLen {
		return int(s.Estimate()), scratch // an unknown binary form
	}
	var split [histograms][256]uint32
	for r := scratch[headerLen:]; len(r) >= histograms; r = r[histograms:] {
		split[0][r[0]]++
		split[1][r[1]]++
		split[2][r[2]]++
		split[3][r[3]]++
	}
	of := func(value int) float64 {
		return float64(split[0][value] + split[1][value] + split[2][value] + split[3][value])
	}
	z := registers * tau(1-of(highest)/registers)
	for value := highest - 1; value >= 1; value-- {
		z = 0.5 * (z + of(value))
	}
	z += registers * sigma(of(0)/registers)
	return int(math.Round(alphaInf * registers * registers / z)), scratch
}

// sigma is x + x^2 + 2 x^4 + 4 x^8 + ..., the correction for the fraction x of registers that are 0.
func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	sum, factor, last := x, 1.0, math.NaN()
	for sum != last {
		last = sum
		x *= x
		sum += x * factor
		factor *= 2
	}
	return sum
}

// tau is the correction for the fraction 1-x of registers that are full.
func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	sum, factor, last := 1-x, 1.0, math.NaN()
	for sum != last {
		last = sum
		x = math.Sqrt(x)
		factor /= 2
		sum -= (1 - x) * (1 - x) * factor
	}
	return sum / 3
}
