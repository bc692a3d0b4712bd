package screen

import (
	"net/netip"

	"dhtop/dhtcore"
	"dhtop/views/text"
)

// Context is what the keys mean while they are in a list: a row of the table of contexts. What a list does not
// have is nil. A function that returns a reason returns "" where nothing stands in the way.
type Context struct {
	Rows func(*State, *dhtcore.Snapshot) int
	Pins func(*State, *dhtcore.Snapshot) func(row int) Pin // what identifies a row that moves; nil: rows stay where they are

	newestFirst bool   // the first row stays selected as the newest comes in
	scrolls     bool   // as a whole: the selection is the first line that is shown
	below       []List // which start anew when another row is selected

	orders []order

	Sift        func(s *dhtcore.Snapshot, passes func(fields ...string) bool, p text.Privacy) // leaves the rows whose fields pass
	Siftable    func(*State, *dhtcore.Snapshot) int                                           // how many rows a filter has before it
	WhyNoFilter string

	Open         func(*State, *dhtcore.Snapshot)        // what enter does; nil: it zooms
	WhyNotOpen   func(*State, *dhtcore.Snapshot) string // why enter can do nothing now
	WhyNoDetails func(*State, *dhtcore.Snapshot) string // why there are no full details
	Leave        func(*State)                           // what esc does first: it goes back to the list that this one was opened from
	Widen        func(*State, *dhtcore.Snapshot) bool   // what esc does after the zoom: it lifts what cuts the list; false: nothing did
	Enter        func(*State)                           // brings the keys into the list, in its pane; nil: they are there

	Hash      func(*State, *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) // that is meant
	WhyNoHash func(*State, *dhtcore.Snapshot) string
	Lookup    func(*State, *dhtcore.Snapshot) *dhtcore.LookupState // whose nodes an announce goes to; nil for none
	Node      func(*State, *dhtcore.Snapshot) (dhtcore.ID, netip.AddrPort)
	Addr      func(*State, *dhtcore.Snapshot) (addr netip.AddrPort, meant bool)

	Empty        func(*State, *dhtcore.Snapshot) string // what the list says when it is empty
	WhyNotExport func(*State, *dhtcore.Snapshot) string
}

// Context is the row of a list in the table of contexts.
func (l List) Context() *Context { return &contexts[l] }

// always is a reason that does not change.
func always(reason string) func(*State, *dhtcore.Snapshot) string {
	return func(*State, *dhtcore.Snapshot) string { return reason }
}

// none is why nothing is exported where n is 0.
func none(n func(*State, *dhtcore.Snapshot) int, what string) func(*State, *dhtcore.Snapshot) string {
	return func(st *State, s *dhtcore.Snapshot) string {
		if n(st, s) > 0 {
			return ""
		}
		return "no " + what + " is listed: nothing to export"
	}
}
