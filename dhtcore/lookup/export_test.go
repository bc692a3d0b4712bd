package lookup

import (
	"slices"

	"dhtop/dhtcore/wire"
)

// ClosestOf returns the n of all that are closest to target.
func ClosestOf(all []wire.Contact, target wire.ID, n int) []wire.Contact {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
	return sorted[:n]
}
