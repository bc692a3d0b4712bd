package screen

import (
	"net/netip"

	"dhtop/dhtcore"
)

// List names a list that has a selection.
type List uint8

// The lists.
const (
	HashList List = iota
	NodeList
	PacketList
	FieldList
	LookupList
	StepList   // the nodes that the selected lookup asked
	PeerList   // the peers that it found
	CellList   // the parts of the crawl's keyspace
	PartList   // the parts of the selected one
	LabList    // the knobs of the lab and all below them
	NewsList   // on the overview
	MethodList // of the traffic pane
	ClientList
	NetworkList
	FigureList // of the history
	LogList
	SwarmList // of our tracker
	WatchList
	DigestList // over a pane
	NoList     // where nothing can be selected
	Lists
)

// Cursor is the selection of a list: the row, and what is in it, which is followed when rows move.
type Cursor struct {
	Row  int
	Top  int  // first row that was shown
	Pin  Pin  // zero: the row is kept instead
	Held bool // if the pinned row leaves, its return is awaited; see Hold
	Gone bool // the pinned row has left, and Row is where it was

	Awaited bool // as Held, until the row is back or another one is selected; see Await
}

// Pin identifies what is in a row, by the fields that apply.
type Pin struct {
	ID   dhtcore.ID
	Addr netip.AddrPort
	At   int64
}

// Move selects the row that is by rows further down the focused list, within the list.
func (st *State) Move(s *dhtcore.Snapshot, by int) {
	st.Opened = dhtcore.ID{} // what is selected takes its place
	st.Select(s, st.Focus(), st.row(s)+by)
}

func (st *State) row(s *dhtcore.Snapshot) int {
	l := st.Focus()
	return Clamp(st.Lists[l].Row, st.Length(s, l))
}

// Select selects a row of a list, or the nearest one, and follows what it holds from now on.
func (st *State) Select(s *dhtcore.Snapshot, l List, row int) {
	c := &contexts[l]
	n, pins := c.Rows(st, s), c.Pins
	if row = Clamp(row, n); row >= n || c.newestFirst && row == 0 { // the top of the log stays the top
		pins = nil
	}
	pin := Pin{}
	if pins != nil {
		pin = pins(st, s)(row)
	}
	st.put(l, row, pin)
	for _, below := range c.below {
		st.Lists[below] = Cursor{}
	}
}

// put selects a row and what is in it.
func (st *State) put(l List, row int, pin Pin) {
	c := &st.Lists[l]
	c.Row, c.Pin, c.Gone, c.Awaited = row, pin, false, false
	if l == st.Focus() { // another detail is opened
		st.Scroll = 0
	}
}

// Follow moves the selections with their rows in a new Snapshot. If a row is gone, the selection stays at
// its place and takes what is there now.
func (st *State) Follow(s *dhtcore.Snapshot) {
	st.rank(s)
	st.followLog(s)
	for l := range Lists {
		c := &st.Lists[l]
		n := st.Length(s, l)
		if c.Pin == (Pin{}) {
			c.Row = Clamp(c.Row, n)
			continue
		}
		pin := contexts[l].Pins(st, s)
		if c.Row < n && pin(c.Row) == c.Pin {
			c.Gone, c.Awaited = false, false
			continue
		}
		if row := find(pin, n, c.Pin); row >= 0 {
			c.Row, c.Gone, c.Awaited = row, false, false
			continue
		}
		if c.Held || c.Awaited {
			c.Row, c.Gone = Clamp(c.Row, n), true
			continue
		}
		st.Select(s, l, c.Row)
	}
}

// Await keeps what is selected in all lists through Snapshots that lack it, until it is there again: those of a node that has
// just started anew.
func (st *State) Await() {
	for l := range Lists {
		st.Lists[l].Awaited = st.Lists[l].Pin != Pin{}
	}
}

// Hold makes the selection of the focused list follow its row, even at the top of a list whose top would stay
// selected, and even while the row is gone; or ends that. It reports whether it holds now.
func (st *State) Hold(s *dhtcore.Snapshot) bool {
	l := st.Focus()
	c := &st.Lists[l]
	if c.Held = !c.Held && st.Length(s, l) > 0; !c.Held {
		c.Pin, c.Gone = Pin{}, false
		return false
	}
	c.Row = Clamp(c.Row, st.Length(s, l))
	c.Pin = contexts[l].Pins(st, s)(c.Row)
	return true
}

func find(pin func(int) Pin, n int, want Pin) int {
	for i := range n {
		if pin(i) == want {
			return i
		}
	}
	return -1
}

// Keep remembers which part of the focused list a frame has shown, so that the next one scrolls as little
// as possible, and how far the opened detail can be scrolled.
func (st *State) Keep(s *dhtcore.Snapshot, shown Extent) {
	l, rows := st.Focus(), shown.Rows
	st.Scroll = max(min(st.Scroll, shown.Hidden), 0)
	c := &st.Lists[l]
	n := st.Length(s, l)
	if rows > 0 { // else the list was not on the screen
		c.Top = c.First(n, rows)
	}
}

// First is the first row to show of n in a window of rows.
func (c Cursor) First(n, rows int) int {
	row := Clamp(c.Row, n)
	top := min(c.Top, row)
	if row >= top+rows {
		top = row - rows + 1
	}
	return max(min(top, n-rows), 0)
}

// Clamp returns the row of n nearest to row; 0 of none.
func Clamp(row, n int) int { return max(min(row, n-1), 0) }

// Length is the number of rows of a list.
func (st *State) Length(s *dhtcore.Snapshot, l List) int { return contexts[l].Rows(st, s) }

// Extent is how much a frame has shown of what the keys move in.
type Extent struct {
	Rows   int // of the focused list; 0 when it was not drawn
	Page   int // lines of an opened detail; 0 when none was drawn
	Hidden int // lines of it that there was no room for
}

// FiltersAll reports whether the filter hides all rows of a list.
func (st *State) FiltersAll(l List) bool {
	return st.Filter.By != "" && st.Filter.All > 0 && st.Focus() == l
}
