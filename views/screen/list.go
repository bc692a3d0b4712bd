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
	StepList // the nodes that the selected lookup asked
	PeerList // the peers that it found
	CellList // the parts of the crawl's keyspace
	PartList // the parts of the selected one
	NoList   // where nothing can be selected
	HelpList // lines; the selection is the first that is shown
	Lists
)

// Cursor is the selection of a list: the row, and what is in it, which is followed when rows move.
type Cursor struct {
	Row  int
	Top  int  // first row that was shown
	Pin  Pin  // zero: the row is kept instead
	Held bool // what is pinned is waited for when it goes, see Hold
	Gone bool // it has gone, and the row is only where it was
}

// Pin identifies what is in a row, by the fields that apply.
type Pin struct {
	ID   dhtcore.ID
	Addr netip.AddrPort
	At   int64
}

// Focus is the list that the movement keys move in.
func (st *State) Focus() List {
	switch {
	case st.Help:
		return HelpList
	case st.Doctor:
		return NoList
	case st.Pane == TablePane:
		return NodeList
	case st.Pane == LookupsPane && st.Zoom && st.Peers:
		return PeerList
	case st.Pane == LookupsPane && st.Zoom:
		return StepList
	case st.Pane == LookupsPane:
		return LookupList
	case st.Pane == PacketsPane && st.Packet != nil:
		return FieldList
	case st.Pane == PacketsPane:
		return PacketList
	case st.Pane == CrawlPane && st.Parts != nil:
		return PartList
	case st.Pane == CrawlPane:
		return CellList
	case st.Pane == TrackerPane:
		return NoList
	default:
		return HashList
	}
}

// Move selects the row that is by rows further down the focused list, as far as there are rows.
func (st *State) Move(s *dhtcore.Snapshot, by int) { st.Select(s, st.Focus(), st.row(s)+by) }

func (st *State) row(s *dhtcore.Snapshot) int {
	l := st.Focus()
	return Clamp(st.Lists[l].Row, st.Length(s, l))
}

// Select selects a row of a list, the nearest that there is, and follows what is in it from now on.
func (st *State) Select(s *dhtcore.Snapshot, l List, row int) {
	c := &st.Lists[l]
	c.Row = Clamp(row, st.Length(s, l))
	c.Pin, c.Gone = Pin{}, false
	if c.Row < st.Length(s, l) && !(l == PacketList && c.Row == 0) { // the top of the log stays the top
		c.Pin = st.pins(s, l)(c.Row)
	}
	if l == st.Focus() { // another detail is opened
		st.Scroll = 0
	}
	if l == LookupList {
		st.Lists[StepList], st.Lists[PeerList] = Cursor{}, Cursor{}
	}
}

// Follow moves the selections to where a new Snapshot has what they are on. Where that is gone, the
// row stays and what is in it now is selected.
func (st *State) Follow(s *dhtcore.Snapshot) {
	st.sift(s)
	st.rank(s)
	for l := range Lists {
		c := &st.Lists[l]
		n := st.Length(s, l)
		if c.Pin == (Pin{}) {
			c.Row = Clamp(c.Row, n)
			continue
		}
		pin := st.pins(s, l)
		if c.Row < n && pin(c.Row) == c.Pin {
			c.Gone = false
			continue
		}
		if row := find(pin, n, c.Pin); row >= 0 {
			c.Row, c.Gone = row, false
			continue
		}
		if c.Held {
			c.Row, c.Gone = Clamp(c.Row, n), true
			continue
		}
		st.Select(s, l, c.Row)
	}
}

// Hold keeps the selection of the focused list on what it is on, also where that is the top of a list
// whose top is selected otherwise, and also while it is gone; or lets go. It returns whether it holds.
func (st *State) Hold(s *dhtcore.Snapshot) bool {
	l := st.Focus()
	c := &st.Lists[l]
	if c.Held = !c.Held && st.Length(s, l) > 0; !c.Held {
		c.Pin, c.Gone = Pin{}, false
		return false
	}
	c.Row = Clamp(c.Row, st.Length(s, l))
	c.Pin = st.pins(s, l)(c.Row)
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

// Keep remembers which part of the focused list a frame has shown, so that the next one scrolls no more
// than it must, and how far the opened detail can be scrolled.
func (st *State) Keep(s *dhtcore.Snapshot, shown Extent) {
	l, rows := st.Focus(), shown.Rows
	st.Scroll = max(min(st.Scroll, shown.Hidden), 0)
	c := &st.Lists[l]
	n := st.Length(s, l)
	if l == HelpList { // it scrolls as a whole
		c.Row = min(c.Row, max(n-rows, 0))
		return
	}
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

func Clamp(row, n int) int { return max(min(row, n-1), 0) }

// Length is the number of rows of a list. The help's is unknown here: it is cut when drawn.
func (st *State) Length(s *dhtcore.Snapshot, l List) int {
	switch l {
	case HashList:
		return len(st.Ranked(s))
	case NodeList:
		return st.countNodes(s)
	case LookupList:
		return len(s.Lookups)
	case StepList:
		if lk := st.Lookup(s); lk != nil {
			return len(lk.Steps)
		}
		return 0
	case PeerList:
		if lk := st.Lookup(s); lk != nil {
			return len(lk.Peers)
		}
		return 0
	case CellList, PartList:
		return KeyCells
	case PacketList:
		return len(st.PacketLog(s))
	case FieldList:
		if st.Packet != nil {
			return len(st.Packet.Fields)
		}
		return 0
	case NoList:
		return 0
	default:
		return HelpLines(st)
	}
}

// pins returns what tells what is in a row that there is.
func (st *State) pins(s *dhtcore.Snapshot, l List) func(row int) Pin {
	switch l {
	case HashList:
		rows := st.Ranked(s)
		return func(row int) Pin { return Pin{ID: rows[row].InfoHash} }
	case NodeList:
		nodes := st.NodeRows(s)
		return func(row int) Pin { // several identities may know a node
			n := nodes[row]
			return Pin{ID: n.ID, Addr: n.Addr, At: int64(n.Vantage)}
		}
	case LookupList:
		return func(row int) Pin { return Pin{ID: s.Lookups[row].Target, At: s.Lookups[row].Started.UnixNano()} }
	case StepList:
		lk := st.Lookup(s)
		order := ClosestFirst(lk)
		return func(row int) Pin {
			step := &lk.Steps[order[row]]
			return Pin{ID: step.ID, Addr: step.Addr, At: int64(step.Asked)}
		}
	case PacketList:
		log := st.PacketLog(s)
		return func(row int) Pin { return Pin{At: int64(log[row].Seq)} }
	case PeerList:
		lk := st.Lookup(s)
		return func(row int) Pin { return Pin{Addr: lk.Peers[row].Addr} }
	default:
		return func(int) Pin { return Pin{} }
	}
}

// Extent is how much a frame has shown of what the keys move in.
type Extent struct {
	Rows   int // of the focused list; 0 when it was not drawn
	Page   int // lines of an opened detail; 0 when none was drawn
	Hidden int // lines of it that there was no room for
}

// FiltersAll tells whether it is the filter that leaves nothing of a list.
func (st *State) FiltersAll(l List) bool {
	return st.Filter.By != "" && st.Filter.All > 0 && st.Focus() == l
}

// CountShown is how many rows the focused list has.
func (st *State) CountShown(s *dhtcore.Snapshot) int { return st.Length(s, st.Focus()) }
