package ledger

import (
	"math"
	"testing"

	"github.com/axiomhq/hyperloglog"
)

func TestOurEstimateIsAsGoodAsTheLibrarys(t *testing.T) {
	for _, n := range []int{0, 1, 100, exactUpTo, 5000, 20_000, 60_000, 200_000, 2_000_000} {
		s := hyperloglog.NewNoSparse()
		for i := range n {
			s.InsertHash(mix(uint64(i)))
		}
		got, _ := estimate(s, nil)
		if off := math.Abs(float64(got - n)); off > 0.025*float64(n) || off > math.Abs(float64(s.Estimate())-float64(n))+0.01*float64(n)+1 {
			t.Errorf("%d are estimated as %d, by the library as %d", n, got, s.Estimate())
		}
	}
	sparse := hyperloglog.New14()
	for i := range 1000 {
		sparse.InsertHash(mix(uint64(i)))
	}
	if got, _ := estimate(sparse, nil); got < 980 || got > 1020 {
		t.Errorf("1000 in a sparse sketch are estimated as %d", got)
	}
}
