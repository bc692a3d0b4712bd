package screen

import (
	"cmp"
	"slices"
	"strings"

	"dhtop/dhtcore"
)

// The orders of the list of lookups.
const (
	LookupsByStart = iota // as the core lists them, the newest first
	LookupsByName
	LookupsByState
	LookupsByTook
	LookupsByAsked
	LookupsByBits
	LookupsByPeers
)

var lookupOrders = []order{
	LookupsByStart: {"age, the newest first", false},
	LookupsByName:  {"name", false},
	LookupsByState: {"state", false},
	LookupsByTook:  {"the time they took", true},
	LookupsByAsked: {"nodes asked", true},
	LookupsByBits:  {"bits of the closest", true},
	LookupsByPeers: {"peers found", true},
}

// SortLookups sorts the lookups of s, a copy of a Snapshot, as their list is sorted while the keys are in it, and
// reports whether that is another order than the core's.
func (st *State) SortLookups(s *dhtcore.Snapshot) bool {
	o := st.Orders[LookupList]
	if st.Focus() != LookupList || o == (Order{}) {
		return false
	}
	s.Lookups = slices.Clone(s.Lookups)
	if o.By == LookupsByStart {
		slices.Reverse(s.Lookups)
		return true
	}
	turn := 1
	if lookupOrders[o.By].down != o.Reverse {
		turn = -1
	}
	compare := compareLookups(s, o.By, turn)
	slices.SortStableFunc(s.Lookups, func(a, b dhtcore.LookupState) int { return compare(&a, &b) })
	return true
}

// compareLookups compares as an order says, turned by -1. Those without a name come last, in both directions.
func compareLookups(s *dhtcore.Snapshot, by, turn int) func(a, b *dhtcore.LookupState) int {
	switch by {
	case LookupsByName:
		return func(a, b *dhtcore.LookupState) int {
			x, y := NameOf(s, a.Target), NameOf(s, b.Target)
			return known(x == "", y == "", turn*strings.Compare(strings.ToLower(x), strings.ToLower(y)))
		}
	case LookupsByState:
		return func(a, b *dhtcore.LookupState) int { return turn * strings.Compare(LookupWord(a), LookupWord(b)) }
	case LookupsByTook:
		return func(a, b *dhtcore.LookupState) int { return turn * cmp.Compare(a.Elapsed, b.Elapsed) }
	case LookupsByAsked:
		return func(a, b *dhtcore.LookupState) int { return turn * cmp.Compare(a.Asked, b.Asked) }
	case LookupsByBits:
		return func(a, b *dhtcore.LookupState) int { return turn * cmp.Compare(a.ClosestBits, b.ClosestBits) }
	default:
		return func(a, b *dhtcore.LookupState) int { return turn * cmp.Compare(len(a.Peers), len(b.Peers)) }
	}
}
