package screen

import (
	"net/netip"
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
	if lk == nil {
		return nil
	}
	if rows, row := st.StepRows(lk), st.Lists[StepList].Row; row < len(rows) {
		return &lk.Steps[rows[row]]
	}
	return nil
}

// Peer is the selected peer of the selected lookup, or nil.
func (st *State) Peer(s *dhtcore.Snapshot) *dhtcore.Peer {
	if lk := st.Lookup(s); lk != nil {
		return st.PeerOf(lk)
	}
	return nil
}

// PeerOf is the selected peer of a lookup that is selected, or nil.
func (st *State) PeerOf(lk *dhtcore.LookupState) *dhtcore.Peer {
	rows := st.PeerRows(lk)
	if len(rows) == 0 {
		return nil
	}
	return &rows[Clamp(st.Lists[PeerList].Row, len(rows))]
}

// StepRows are the steps of a lookup as they are listed, as indices of its Steps: closest to the target first, those
// that pass the filter.
func (st *State) StepRows(lk *dhtcore.LookupState) []int {
	order := closestFirst(lk)
	if passes := rowsPass[stepLine](st, StepList); passes != nil {
		line := stepLine{lk: lk, privacy: st.Privacy()}
		order = slices.DeleteFunc(order, func(i int) bool {
			line.Step = &lk.Steps[i]
			return !passes(&line)
		})
	}
	return order
}

// PeerRows are the peers of a lookup as they are listed: in the order of finding, those that pass the filter.
func (st *State) PeerRows(lk *dhtcore.LookupState) []dhtcore.Peer {
	passes := rowsPass[peerLine](st, PeerList)
	if passes == nil {
		return lk.Peers
	}
	line := peerLine{privacy: st.Privacy()}
	return kept(lk.Peers, func(p *dhtcore.Peer) bool {
		line.Peer = p
		return passes(&line)
	})
}

// closestFirst orders the steps of a lookup by their distance to its target.
func closestFirst(lk *dhtcore.LookupState) []int {
	order := make([]int, len(lk.Steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return dhtcore.CompareDistance(lk.Target, lk.Steps[i].ID, lk.Steps[j].ID)
	})
	return order
}

// LookupOf is the row of the newest lookup of a hash, or -1.
func LookupOf(s *dhtcore.Snapshot, hash dhtcore.ID) int {
	return slices.IndexFunc(s.Lookups, func(lk dhtcore.LookupState) bool { return lk.Target == hash })
}

func countLookups(_ *State, s *dhtcore.Snapshot) int { return len(s.Lookups) }

func countSteps(st *State, s *dhtcore.Snapshot) int {
	if lk := st.Lookup(s); lk != nil {
		return len(st.StepRows(lk))
	}
	return 0
}

// allSteps and allPeers count what a filter of the selected lookup's steps or peers chooses from.
func allSteps(st *State, s *dhtcore.Snapshot) int {
	if lk := st.Lookup(s); lk != nil {
		return len(lk.Steps)
	}
	return 0
}

func allPeers(st *State, s *dhtcore.Snapshot) int {
	if lk := st.Lookup(s); lk != nil {
		return len(lk.Peers)
	}
	return 0
}

func countPeers(st *State, s *dhtcore.Snapshot) int {
	if lk := st.Lookup(s); lk != nil {
		return len(st.PeerRows(lk))
	}
	return 0
}

func lookupPins(_ *State, s *dhtcore.Snapshot) func(row int) Pin {
	return func(row int) Pin { return Pin{ID: s.Lookups[row].Target, At: s.Lookups[row].Started.UnixNano()} }
}

func stepPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	lk := st.Lookup(s)
	order := st.StepRows(lk)
	return func(row int) Pin {
		step := &lk.Steps[order[row]]
		return Pin{ID: step.ID, Addr: step.Addr, At: int64(step.Asked)}
	}
}

func peerPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	peers := st.PeerRows(st.Lookup(s))
	return func(row int) Pin { return Pin{Addr: peers[row].Addr} }
}

func lookupHash(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	if lk := st.Lookup(s); lk != nil {
		return lk.Target, NameOf(s, lk.Target), true
	}
	return hash, "", false
}

func whyNoLookups(st *State, s *dhtcore.Snapshot) string {
	if st.Lookup(s) == nil {
		return noLookups
	}
	return ""
}

// openPeers opens the peers of a lookup, at the newest.
func openPeers(st *State, s *dhtcore.Snapshot) {
	st.Peers = true
	n := countPeers(st, s)
	st.put(PeerList, n-1, peerPins(st, s)(n-1))
}

func whyNoPeers(st *State, s *dhtcore.Snapshot) string {
	if countPeers(st, s) == 0 {
		return "this lookup found no peers: esc goes back"
	}
	return ""
}

func leavePeers(st *State) { st.Peers = false }

func enterSteps(st *State) { st.Zoom, st.Peers = true, false }

func enterPeers(st *State) { st.Zoom, st.Peers = true, true }

// openInFull shows all that is known as a text.
func openInFull(st *State, _ *dhtcore.Snapshot) { st.FullDetails = true }

func selectedStep(st *State, s *dhtcore.Snapshot) (id dhtcore.ID, addr netip.AddrPort) {
	if step := st.Step(s); step != nil {
		return step.ID, step.Addr
	}
	return id, addr
}

func stepAddr(st *State, s *dhtcore.Snapshot) (netip.AddrPort, bool) {
	_, addr := selectedStep(st, s)
	return addr, true
}

func peerAddr(st *State, s *dhtcore.Snapshot) (addr netip.AddrPort, meant bool) {
	if p := st.Peer(s); p != nil {
		addr = p.Addr
	}
	return addr, true
}
