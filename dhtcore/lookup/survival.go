package lookup

import (
	"math"
	"time"
)

// survival is how long queries stay without a reply. Slow nodes are seldom waited for to the end, so that the round-trip
// times of those that replied say too little of the others: a query that was open when its lookup ended says that its
// reply takes longer than that, or never comes. A share of the nodes is alive, and the logarithms of their round-trip
// times, in bins of rttHistogram, are normally distributed; the three parameters are fitted to both kinds of queries by
// expectation maximisation (Dempster, Laird and Rubin 1977). newSurvival makes one.
type survival struct {
	replied [bins]float64 // queries by how long the reply took
	open    [bins]float64 // queries by how long nobody had replied when the lookup ended

	alive, mean, deviation float64 // of the fit
}

// How a survival is fitted.
const (
	lookupMemory = 16  // a query has lost most of its weight after so many lookups
	fitSteps     = 8   // after each lookup, from the fit before
	leastSpread  = 1.0 // bins
)

// newSurvival returns one with a prior of the weight of a few queries: that of rttHistogram, where half of them are never
// replied to.
func newSurvival() (s survival) {
	for i := priorFirstBin; i <= priorLastBin; i++ {
		s.replied[i] = priorWeight / 2.0 / float64(priorLastBin-priorFirstBin+1)
	}
	s.open[bins-1] = priorWeight / 2.0
	s.alive, s.mean, s.deviation = 0.5, (priorFirstBin+priorLastBin)/2, (priorLastBin-priorFirstBin)/4
	return s
}

// decay takes weight from the queries so far, before those of another lookup are counted.
func (s *survival) decay() {
	for i := range bins {
		s.replied[i] *= 1 - 1.0/lookupMemory
		s.open[i] *= 1 - 1.0/lookupMemory
	}
}

// count counts the query to a node that took so long to reply, or has not replied for so long.
func (s *survival) count(waited time.Duration, replied bool) {
	if replied {
		s.replied[bin(waited)]++
	} else {
		s.open[bin(waited)]++
	}
}

// fit takes in what was counted.
func (s *survival) fit() {
	for range fitSteps {
		var all, alive, sum, squares float64
		for i := range bins {
			at := float64(i)
			all += s.replied[i] + s.open[i]
			alive += s.replied[i]
			sum += s.replied[i] * at
			squares += s.replied[i] * at * at
			if s.open[i] == 0 {
				continue
			}
			z, weight := (at-s.mean)/s.deviation, s.open[i]*s.chanceAt(i)
			hazard := normalHazard(z)
			mean := s.mean + s.deviation*hazard // of those that take longer than this bin
			alive += weight
			sum += weight * mean
			squares += weight * (s.mean*s.mean + 2*s.mean*s.deviation*hazard + s.deviation*s.deviation*(1+z*hazard))
		}
		s.alive, s.mean = alive/all, sum/alive
		s.deviation = max(math.Sqrt(max(squares/alive-s.mean*s.mean, 0)), leastSpread)
	}
}

// chance is the probability that a reply still comes to a query that has been open for so long.
func (s *survival) chance(waited time.Duration) float64 {
	return min(s.chanceAt(bin(waited))*s.tail(), 1)
}

// tail is how many late replies come for each that the fit expects: where round trips have a bound, fewer do.
func (s *survival) tail() float64 {
	const late, prior, most = 1.25, 2, 2 // late: deviations above the mean
	came, expected, atRisk := 0.0, 0.0, 0.0
	for i := bins - 1; i >= 0 && float64(i) > s.mean+late*s.deviation; i-- {
		atRisk += s.replied[i] + s.open[i]
		came += s.replied[i]
		stays := s.alive*normalTail((float64(i)-s.mean)/s.deviation) + 1 - s.alive
		stood := s.alive*normalTail((float64(i-1)-s.mean)/s.deviation) + 1 - s.alive
		expected += atRisk * (1 - stays/stood)
	}
	return min((came+prior)/(expected+prior), most)
}

func (s *survival) chanceAt(bin int) float64 {
	late := s.alive * normalTail((float64(bin)-s.mean)/s.deviation)
	return late / (late + 1 - s.alive + 1e-12)
}

// normalTail is the probability that a standard normal variable is above z.
func normalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// normalHazard is the mean of a standard normal variable that is above z.
func normalHazard(z float64) float64 {
	const farOut = 8 // from here on the tail is too thin to divide by
	if z > farOut {
		return z + 1/z
	}
	return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / normalTail(z)
}
