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

func TestACellShowsTheSweepThatWasThereLast(t *testing.T) {
	var h heatmap
	place := uint64(0x1234) << 48
	h.heard(place, 1)
	h.heard(place, 1)
	h.asked(place, 1)
	h.sampled(place, 1, 20)
	h.sampled(place, 1, 3)
	h.heard(0x1299<<48, 1)
	if got := h.overview()[0x12]; got != (Cell{Nodes: 3, Asked: 1, Speaking: 2, Hashes: 23}) {
		t.Errorf("the coarse cell is %+v", got)
	}
	if got := h.zoom(0x12)[0x34]; got != (Cell{Nodes: 2, Asked: 1, Speaking: 2, Hashes: 23}) {
		t.Errorf("the fine cell is %+v", got)
	}
	if h.heard(place, 2); h.overview()[0x12] != (Cell{Nodes: 1}) || h.zoom(0x12)[0x99] != (Cell{Nodes: 1}) {
		t.Errorf("in the next sweep they are %+v, %+v", h.overview()[0x12], h.zoom(0x12)[0x99])
	}
}
