package screen

import (
	"slices"

	"dhtop/dhtcore"
)

// Lookup is the selected lookup, or nil.
func (st *State) Lookup(s *dhtcore.Snapshot) *dhtcore.LookupState {
	if row := st.Lists[LookupList].Row; row < len(s.Lookups) {
		return &s.Lookups[row]
	}
	return nil
}

// Step is the selected node of the selected lookup, or nil.
func (st *State) Step(s *dhtcore.Snapshot) *dhtcore.Step {
	lk := st.Lookup(s)
	if row := st.Lists[StepList].Row; lk != nil && row < len(lk.Steps) {
		return &lk.Steps[ClosestFirst(lk)[row]]
	}
	return nil
}

// Peer is the selected peer of the selected lookup, or nil.
func (st *State) Peer(s *dhtcore.Snapshot) *dhtcore.Peer {
	lk := st.Lookup(s)
	if row := st.Lists[PeerList].Row; lk != nil && row < len(lk.Peers) {
		return &lk.Peers[row]
	}
	return nil
}

// ClosestFirst orders the steps of a lookup by their distance to its target.
func ClosestFirst(lk *dhtcore.LookupState) []int {
	order := make([]int, len(lk.Steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return dhtcore.CompareDistance(lk.Target, lk.Steps[i].ID, lk.Steps[j].ID)
	})
	return order
}
