package canvas

import (
	"math/rand/v2"
	"testing"
)

// TestMoreRoomNeverLeavesOutAColumn holds for whatever columns there are, as no width of a column depends on the room.
func TestMoreRoomNeverLeavesOutAColumn(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		cols := make([]Column, 1+rng.IntN(MaxColumns))
		for i := range cols {
			c := &cols[i]
			c.Width, c.Drop = rng.IntN(22), rng.IntN(len(cols))
			c.Want, c.Wide, c.Grow = rng.IntN(50), rng.IntN(2)*40, rng.IntN(2)*200
		}
		before := Layout(cols, 2, 39)
		for w := 40; w <= 200; w++ {
			spans := Layout(cols, 2, w)
			for i, sp := range spans[:len(cols)] {
				if sp.W == 0 && before[i].W > 0 {
					t.Fatalf("column %d of %+v is shown in %d cells and not in %d", i, cols, w-1, w)
				}
			}
			before = spans
		}
	}
}

func TestAColumnThatGrowsTakesWhatIsLeft(t *testing.T) {
	cols := []Column{{Width: 9, Want: 13, Wide: 40}, {Width: 21, Grow: 26, Drop: 2}, {Width: 5, Right: true, Drop: 3}, {Width: 10, Grow: 200, Drop: 1}}
	for w, want := range map[int][4]int{12: {10}, 30: {13, 0, 0, 13}, 50: {13, 21, 0, 10}, 60: {13, 24, 5, 10}, 90: {40, 27, 5, 10}, 140: {40, 47, 5, 40}} {
		spans, end := Layout(cols, 2, w), 0
		for i, sp := range spans[:4] {
			if sp.W != want[i] {
				t.Errorf("in %d cells column %d has %d, want %d", w, i, sp.W, want[i])
			}
			if sp.W > 0 {
				end = sp.X + sp.W
			}
		}
		if end != w {
			t.Errorf("of %d cells %d are used", w, end)
		}
	}
}
