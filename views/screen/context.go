package screen

import (
	"net/netip"

	"dhtop/dhtcore"
)

// Context is what the keys mean while they are in a list: a row of the table of contexts. What a list lacks
// is nil. A function that returns a reason returns "" where nothing stands in the way.
type Context struct {
	// Rows counts the rows. Pins says what a row holds, so that the selection can follow it; nil where rows stay
	// where they are.
	Rows func(*State, *dhtcore.Snapshot) int
	Pins func(*State, *dhtcore.Snapshot) func(row int) Pin

	newestFirst bool   // the first row stays selected as newer ones come in
	below       []List // lists that start anew when another row is selected
	orders      []order

	// Name is what the list is called where several are listed; "" for one that no filter has.
	Name string

	// Filter is what filters can ask; nil where there is no filter, and WhyNoFilter is the reason. All counts the rows
	// of a Snapshot that no filter has sifted, and Passed those that passed, nil where that is Rows.
	Filter      *Language
	All         func(*State, *dhtcore.Snapshot) int
	Passed      func(*State, *dhtcore.Snapshot) int
	WhyNoFilter string

	// Open is what enter does, nil to zoom in; WhyNotOpen and WhyNoDetails are why enter and v can do nothing now.
	Open         func(*State, *dhtcore.Snapshot)
	WhyNotOpen   func(*State, *dhtcore.Snapshot) string
	WhyNoDetails func(*State, *dhtcore.Snapshot) string

	// Leave is what esc does first: it returns to the list that this one was opened from. Widen is what esc does
	// after the zoom: it lifts a restriction of the list, and reports whether there was one. Enter brings the keys
	// into the list when its pane is shown; nil where they are in it then.
	Leave func(*State)
	Widen func(*State, *dhtcore.Snapshot) bool
	Enter func(*State)

	// Hash, Lookup, Node and Addr are what the keys act on: l, n, y and Y on the hash, a on the lookup, p on the
	// node. Addr is what y copies instead of a hash, unless it reports false.
	Hash   func(*State, *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool)
	Lookup func(*State, *dhtcore.Snapshot) *dhtcore.LookupState
	Node   func(*State, *dhtcore.Snapshot) (dhtcore.ID, netip.AddrPort)
	Addr   func(*State, *dhtcore.Snapshot) (addr netip.AddrPort, ok bool)

	// Empty is what the list says when it has no rows.
	Empty        func(*State, *dhtcore.Snapshot) string
	WhyNoHash    func(*State, *dhtcore.Snapshot) string
	WhyNotExport func(*State, *dhtcore.Snapshot) string
}

// String is what the list is called, "" for one that cannot be filtered.
func (l List) String() string { return contexts[l].Name }

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
