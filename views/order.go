package views

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// Order is how a list is sorted. The zero Order is the list's own.
type Order struct {
	By      int // which of the list's orders
	Reverse bool
}

// order is a way to sort a list: the column that it goes by, what the user calls it, and whether it begins
// with the most.
type order struct {
	column int
	name   string
	down   bool
}

// orders are the ways to sort each list, its own first. A list without any cannot be sorted.
var orders = [lists][]order{
	HashList: hashOrders,
	NodeList: nodeOrders,
}

// Sortable tells whether the focused list can be sorted.
func (st *State) Sortable() bool { return len(orders[st.Focus()]) > 0 }

// SortBy sorts the focused list, which can be, by the order that is by further on, and returns its name.
// The selection stays on what it is on.
func (st *State) SortBy(s *dhtcore.Snapshot, by int) string {
	l := st.Focus()
	n := len(orders[l])
	o := &st.Orders[l]
	*o = Order{By: ((o.By+by)%n + n) % n}
	st.Follow(s)
	return orders[l][o.By].name
}

// ReverseOrder turns the order of the focused list round.
func (st *State) ReverseOrder(s *dhtcore.Snapshot) {
	o := &st.Orders[st.Focus()]
	o.Reverse = !o.Reverse
	st.Follow(s)
}

// SortTo sorts a list by one of its orders, or the other way round when it is sorted so already, and
// returns the order's name.
func (st *State) SortTo(s *dhtcore.Snapshot, l List, by int) string {
	o := &st.Orders[l]
	if o.By == by {
		o.Reverse = !o.Reverse
	} else {
		*o = Order{By: by}
	}
	st.Follow(s)
	return orders[l][by].name
}

// markOrder marks the column that a list is sorted by, in the gap beside its title.
func markOrder(a canvas.Area, st *State, l List, cols []canvas.Column, spans *[canvas.MaxColumns]canvas.Span) {
	for i, o := range orders[l] {
		a.SortsBy(uint8(l), spans[o.column], i)
	}
	o := orders[l][st.Orders[l].By]
	sp := spans[o.column]
	if sp.W == 0 {
		return
	}
	x := sp.X + sp.W
	if c := cols[o.column]; !c.Right {
		x = sp.X + min(len(c.Title), sp.W) // our own titles are ASCII
	}
	glyph := '▴'
	if o.down != st.Orders[l].Reverse {
		glyph = '▾'
	}
	a.Set(x, 0, theme.Text, glyph)
}
