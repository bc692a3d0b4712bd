package screen

import (
	"testing"

	"dhtop/dhtcore"
)

// TestEveryListHasAnActionOrSaysWhyNot holds the table of contexts to its promise: what the keys cannot do in a
// list, its row explains.
func TestEveryListHasAnActionOrSaysWhyNot(t *testing.T) {
	s := new(dhtcore.Snapshot)
	for l := range Lists {
		c, st := l.Context(), new(State)
		if c.Rows == nil {
			t.Fatalf("list %d has no count of rows", l)
		}
		if c.Rows(st, s) < 0 {
			t.Errorf("list %d has %d rows", l, c.Rows(st, s))
		}
		if c.Filter == nil && c.WhyNoFilter == "" {
			t.Errorf("list %d has no filter and does not say why", l)
		}
		if c.Filter != nil && (c.All == nil || c.Name == "") {
			t.Errorf("list %d has a filter and does not count what it leaves", l)
		}
		if c.WhyNoHash == nil {
			t.Errorf("list %d does not say why there is no hash", l)
		}
		if c.Hash != nil {
			if _, _, ok := c.Hash(st, s); !ok && c.WhyNoHash(st, s) == "" {
				t.Errorf("list %d has no hash and does not say why", l)
			}
		}
		if c.Pins == nil && (c.newestFirst || len(c.orders) > 0) {
			t.Errorf("the rows of list %d move and cannot be told apart", l)
		}
		if (c.Addr != nil || c.Node != nil) && l != FieldList && c.Empty == nil { // a packet has fields
			t.Errorf("list %d does not say why nothing is selected", l)
		}
	}
}

func TestEveryPaneIsARow(t *testing.T) {
	names := map[string]bool{}
	for p := range Panes {
		if p.String() == "" || p.About() == "" || names[p.Action()] {
			t.Errorf("pane %d is %q, goes by %q, and says %q", p, p, p.Action(), p.About())
		}
		names[p.Action()] = true
		if l := (&State{Pane: p}).List(); l >= Lists {
			t.Errorf("%s: the keys are in list %d", p, l)
		}
	}
}
