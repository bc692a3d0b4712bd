package crawl

import (
	"math"
	"testing"
)

func TestTheIntervalOfAShareIsNewcombes(t *testing.T) {
	for _, c := range []struct {
		k, n        int
		least, most float64
	}{{81, 263, 0.2535, 0.3682}, {15, 148, 0.0598, 0.1644}, {0, 20, 0, 0.2005}, {1, 29, 0.0018, 0.1963}, {20, 20, 0.7995, 1}} {
		if least, most := wilson(c.k, c.n); math.Abs(least-c.least) > 1e-4 || math.Abs(most-c.most) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, least, most, c.least, c.most)
		}
	}
}
