package screen

import (
	"cmp"
	"slices"

	"dhtop/dhtcore"
)

// swarmOrders are the ways to sort the swarms of our tracker: an order is a column of the core.
func swarmOrders() (all []order) {
	for c := range dhtcore.SwarmColumns {
		all = append(all, order{c.String(), true})
	}
	return all
}

// SwarmQuery is which swarms are listed, and in which order, as the core knows it.
func (st *State) SwarmQuery() dhtcore.SwarmQuery {
	q := dhtcore.SwarmQuery{SwarmOrder: st.swarmOrder()}
	if f := st.Filters[SwarmList]; f != nil {
		q.Filter = f.rule.(*dhtcore.SwarmFilter)
	}
	return q
}

func (st *State) swarmOrder() dhtcore.SwarmOrder {
	o := st.Orders[SwarmList]
	return dhtcore.SwarmOrder{Column: dhtcore.SwarmColumn(Clamp(o.By, int(dhtcore.SwarmColumns))), Ascending: o.Reverse}
}

// Swarms are the swarms of our tracker that are listed: in the order of the core, or until it has ranked them anew those
// of the last ranking, sorted here.
func (st *State) Swarms(s *dhtcore.Snapshot) []dhtcore.SwarmRow {
	if s.Tracker == nil {
		return nil
	}
	r, o := &s.Tracker.Ranking, st.swarmOrder()
	if r.SwarmOrder == o {
		return r.Rows
	}
	rows := slices.Clone(r.Rows)
	slices.SortStableFunc(rows, func(a, b dhtcore.SwarmRow) int {
		c := cmp.Compare(b.In(o.Column), a.In(o.Column))
		if o.Ascending {
			c = -c
		}
		return c
	})
	for i := range rows {
		rows[i].Rank = i + 1
	}
	return rows
}

// Swarm is the selected swarm; nil for none.
func (st *State) Swarm(s *dhtcore.Snapshot) *dhtcore.SwarmRow {
	rows := st.Swarms(s)
	if len(rows) == 0 {
		return nil
	}
	return &rows[Clamp(st.Lists[SwarmList].Row, len(rows))]
}

func countSwarms(_ *State, s *dhtcore.Snapshot) int {
	if s.Tracker == nil {
		return 0
	}
	return len(s.Tracker.Ranking.Rows)
}

// allSwarms counts the swarms of which a filter leaves some.
func allSwarms(_ *State, s *dhtcore.Snapshot) int {
	if s.Tracker == nil {
		return 0
	}
	return s.Tracker.Swarms
}

// passedSwarms counts those that pass the filter: of all swarms, or until the core has ranked them of those that are listed.
func passedSwarms(st *State, s *dhtcore.Snapshot) int {
	if s.Tracker != nil && s.Tracker.Ranking.Filter == st.SwarmQuery().Filter {
		return s.Tracker.Ranking.Passed
	}
	return countSwarms(st, s)
}

func swarmPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	rows := st.Swarms(s)
	return func(row int) Pin { return Pin{ID: rows[row].InfoHash} }
}

func selectedSwarm(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	if r := st.Swarm(s); r != nil {
		return r.InfoHash, r.Name, true
	}
	return hash, "", false
}

// lookupOfSwarm is the newest lookup of the selected swarm.
func lookupOfSwarm(st *State, s *dhtcore.Snapshot) *dhtcore.LookupState {
	if r := st.Swarm(s); r != nil {
		if i := LookupOf(s, r.InfoHash); i >= 0 {
			return &s.Lookups[i]
		}
	}
	return nil
}

func whyNotOpenSwarm(st *State, _ *dhtcore.Snapshot) string {
	if st.Zoom {
		return "the list is hidden: esc shows it"
	}
	return ""
}

func emptySwarms(_ *State, s *dhtcore.Snapshot) string {
	if why := whyNoTracker(s); why != "" {
		return why
	}
	return "no swarm yet: nobody has announced to this tracker"
}

func siftSwarms(_ *State, s *dhtcore.Snapshot, passes func(*dhtcore.SwarmRow) bool) {
	if s.Tracker == nil {
		return
	}
	t := *s.Tracker
	t.Ranking.Rows = kept(t.Ranking.Rows, passes)
	s.Tracker = &t
}
