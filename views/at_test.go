package views

import (
	"testing"

	"dhtop/views/screen"
	"dhtop/views/theme"
)

// TestEveryCellHasAnAnswer asks what is at every cell of every pane, and holds rows and orders against
// their lists.
func TestEveryCellHasAnAnswer(t *testing.T) {
	s := fixture()
	for p := range screen.Panes {
		st := fixtureState(theme.New("mono"))
		st.Pane = p
		rows, orderings := 0, 0
		for y := -1; y <= 30; y++ {
			for x := -1; x <= 120; x += 7 {
				hit := At(s, st, 120, 30, x, y)
				switch {
				case hit.Row >= 0:
					rows++
					if hit.Row >= st.Length(s, hit.List) {
						t.Fatalf("%s at %d,%d: row %d of %d", p, x, y, hit.Row, st.Length(s, hit.List))
					}
				case hit.Order >= 0:
					orderings++
					if hit.Order >= hit.List.Orders() {
						t.Fatalf("%s at %d,%d: order %d of %d", p, x, y, hit.Order, hit.List.Orders())
					}
				case hit.List != screen.NoList:
					t.Fatalf("%s at %d,%d: %+v", p, x, y, hit)
				}
			}
		}
		if listed := p <= screen.CrawlPane || p == screen.TrafficPane || p == screen.LogPane; listed != (rows > 0) {
			t.Errorf("%s: %d cells are in rows", p, rows)
		}
		if sortable := p <= screen.LookupsPane; sortable != (orderings > 0) {
			t.Errorf("%s: %d cells sort", p, orderings)
		}
	}
}
