package lookup

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A query open for 400 ms is replied to after all as often as survival says, of those in which a share of nodes lives.
func TestQueriesThatAreOpenAreRepliedToAsOftenAsExpected(t *testing.T) {
	const given = 400 * time.Millisecond // lookups end after as long at least, some much later
	for _, alive := range []float64{0.3, 0.9, 1} {
		r, s := rand.New(rand.NewPCG(1, 2)), newSurvival()
		open, late := 0.0, 0.0
		for range 200 {
			s.decay()
			for range 20 {
				ended := given + time.Duration(r.IntN(2000))*time.Millisecond
				rtt := time.Duration(150e6 * math.Exp(r.NormFloat64()))
				lives := r.Float64() < alive
				if lives && rtt > given {
					late++
				}
				if !lives || rtt > given {
					open++
				}
				if lives && rtt <= ended {
					s.count(rtt, true)
				} else {
					s.count(ended, false)
				}
			}
			s.fit()
		}
		if got, want := s.chance(given), late/open; math.Abs(got-want) > 0.15 {
			t.Errorf("of %v that live: %.2f, want %.2f", alive, got, want)
		} else {
			t.Logf("of %v that live: %.2f, want %.2f", alive, got, want)
		}
	}
}
