package screen

import "dhtop/dhtcore"

// Order is how a list is sorted. The zero Order is the list's own.
type Order struct {
	By      int // which of the list's orders
	Reverse bool
}

// order is a way to sort a list: what the user calls it, and whether it begins with the most.
type order struct {
	name string
	down bool
}

// Orders is how many ways there are to sort a list; 0 where it has only one.
func (l List) Orders() int { return len(contexts[l].orders) }

// Sortable reports whether the focused list can be sorted.
func (st *State) Sortable() bool { return st.Focus().Orders() > 0 }

// OrderOf is what the order of a sortable list is called.
func (st *State) OrderOf(l List) string { return contexts[l].orders[st.Orders[l].By].name }

// SortBy sorts the focused list, which must be sortable, by the order that is by places further, and returns its
// name. The selection stays on its row.
func (st *State) SortBy(s *dhtcore.Snapshot, by int) string {
	l := st.Focus()
	n := len(contexts[l].orders)
	o := &st.Orders[l]
	*o = Order{By: ((o.By+by)%n + n) % n}
	st.Follow(s)
	return contexts[l].orders[o.By].name
}

// ReverseOrder reverses the order of the focused list. The selection stays on its row, but the top stays selected:
// it reports whether it was.
func (st *State) ReverseOrder(s *dhtcore.Snapshot) (onTop bool) {
	l := st.Focus()
	c := st.Lists[l]
	st.Orders[l].Reverse = !st.Orders[l].Reverse
	st.Follow(s)
	if onTop = c.Row == 0 && !c.Held; onTop {
		st.Select(s, l, 0)
	}
	return onTop
}

// SortTo sorts a list by one of its orders, in reverse if it is sorted by that already, and returns the order's
// name.
func (st *State) SortTo(s *dhtcore.Snapshot, l List, by int) string {
	o := &st.Orders[l]
	if o.By == by {
		o.Reverse = !o.Reverse
	} else {
		*o = Order{By: by}
	}
	st.Follow(s)
	return contexts[l].orders[by].name
}

// Ascends reports whether a list is sorted from the least to the most.
func (st *State) Ascends(l List) bool {
	o := st.Orders[l]
	return contexts[l].orders[o.By].down == o.Reverse
}
