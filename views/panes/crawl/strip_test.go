package crawl

import (
	"testing"

	"dhtop/views/screen"
)

// TestStripsHoldTheWholeKeyspace looks for cells that a layout leaves out or shows twice.
func TestStripsHoldTheWholeKeyspace(t *testing.T) {
	for w := range 220 {
		for h := range 70 {
			p := stripFor(w, h, stripShare)
			if p.across*p.rows*p.grain != screen.KeyCells || p.grain < 1 {
				t.Fatalf("%dx%d: %d across, %d rows, %d at a place", w, h, p.across, p.rows, p.grain)
			}
			if w >= 40 && h > stripLeastFacts && (p.width() >= w || p.lines() > h-stripLeastFacts) {
				t.Fatalf("%dx%d: the strip takes %dx%d", w, h, p.width(), p.lines())
			}
		}
	}
}
