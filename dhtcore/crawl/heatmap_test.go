package crawl

import (
	"math"
	"math/rand/v2"
	"testing"

	"dhtop/dhtcore/wire"
)

// What is below a key is the sum of the fine cells below it, whatever else a sweep before left there.
func TestWhatIsBelowAKeyIsTheSumOfItsFineCells(t *testing.T) {
	var h heatmap
	random := rand.New(rand.NewPCG(1, 2))
	for sweep := 1; sweep <= 2; sweep++ {
		for range 20_000 {
			h.answered(random.Uint64()>>(sweep-1), sweep, wire.Family(random.IntN(2)))
		}
		for _, key := range []uint64{0, 1 << 48, 255 << 48, 256 << 48, 257 << 48, random.Uint64(), math.MaxUint64 - 1, math.MaxUint64} {
			for family := range wire.Families {
				want, end := 0, int(key>>48)
				if key == math.MaxUint64 {
					end = len(h.fine)
				}
				for _, c := range h.fine[:end] {
					if c.sweep == uint32(sweep) {
						want += int(c.answered[family])
					}
				}
				got, share := h.below(key, sweep, family)
				if got != want || share != float64(end)/65536 {
					t.Errorf("sweep %d, below %x: %d answers in %v, want %d in %v", sweep, key, got, share, want, float64(end)/65536)
				}
			}
		}
	}
}
