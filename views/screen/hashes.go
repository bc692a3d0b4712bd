package screen

import "dhtop/dhtcore"

// hashOrders are the ways to sort the ranking: an order is a column of the core.
func hashOrders() (all []order) {
	for c := range dhtcore.Columns {
		all = append(all, order{c.String(), !c.Ascending()})
	}
	return all
}

// HashOrder is the order of the ranking as the core knows it.
func (st *State) HashOrder() dhtcore.Order {
	o := st.Orders[HashList]
	by := dhtcore.Column(Clamp(o.By, int(dhtcore.Columns)))
	return dhtcore.Order{Column: by, Ascending: by.Ascending() != o.Reverse, Window: st.Window, Related: st.Alike}
}

// ranked is a ranking that was sorted and folded here, kept because a frame asks for it several times.
type ranked struct {
	key  rankedKey
	rows HashRows
}

// rankedKey is what a ranking depends on.
type rankedKey struct {
	of                 *dhtcore.Snapshot
	order              dhtcore.Order
	filtered, unfolded bool
}

func (st *State) rankedBy(s *dhtcore.Snapshot) rankedKey {
	return rankedKey{s, st.HashOrder(), st.Filters[HashList] != nil, st.Unfolded}
}

// Ranked are the hashes that are listed.
func (st *State) Ranked(s *dhtcore.Snapshot) []dhtcore.HashRow { return st.HashRows(s).Hashes }

// sorted is the ranking in its order: all that the core knows, sorted by it, or until it has done so those of the
// ranking by requests, sorted here.
func (st *State) sorted(s *dhtcore.Snapshot) []dhtcore.HashRow {
	o := st.HashOrder()
	switch {
	case o == dhtcore.Order{}:
		return s.Hashes.Top
	case s.Ranking.Order == o:
		return s.Ranking.Rows
	default:
		return o.Apply(s.Hashes.Top)
	}
}

// rank sorts the ranking of s, if that must be done here, and folds it.
func (st *State) rank(s *dhtcore.Snapshot) {
	st.ranked = ranked{key: st.rankedBy(s), rows: st.fold(st.sorted(s))}
}

// TurnWindow counts requests in the next window, and returns what that is.
func (st *State) TurnWindow(s *dhtcore.Snapshot) string {
	st.Window = (st.Window + 1) % dhtcore.Windows
	st.Follow(s)
	return WindowName(st.Window)
}

// ShowAlike lists only the hashes that others look like, or all again.
func (st *State) ShowAlike(s *dhtcore.Snapshot, on bool) {
	st.Alike = on
	st.Follow(s)
}

// windows by dhtcore.Window: the title of the column of requests, and what it counts.
var windows = [dhtcore.Windows]struct{ title, words string }{
	dhtcore.AllTime:     {"req", "of all time"},
	dhtcore.LastHour:    {"req 1h", "of the last hour"},
	dhtcore.LastMinutes: {"req 5m", "of the last five minutes"},
}

// WindowName is the time that requests are counted in: "of the last hour".
func WindowName(w dhtcore.Window) string { return windows[w].words }

// RequestsTitle is the title of the column of requests, which says the window that they are counted in.
func (st *State) RequestsTitle() string { return windows[st.Window].title }

// OrderName is what a list is sorted by.
func (st *State) OrderName(l List) string {
	return contexts[l].orders[Clamp(st.Orders[l].By, len(contexts[l].orders))].name
}

// Hash is the selected hash of the ranking; nil for none, and on the line that stands for several.
func (st *State) Hash(s *dhtcore.Snapshot) *dhtcore.HashRow {
	if st.opens() {
		if d := s.Detail; d != nil && d.InfoHash == st.Opened {
			return &d.Row
		}
		return &dhtcore.HashRow{InfoHash: st.Opened}
	}
	return st.HashRows(s).At(st.Lists[HashList].Row)
}

// OpenHash selects a hash in the ranking, for its detail to be opened, which is also there for one that the ranking lacks.
func (st *State) OpenHash(s *dhtcore.Snapshot, hash dhtcore.ID) {
	if !st.ShowHash(s, hash) {
		st.Opened = hash
	}
}

// opens reports whether the detail of a hash is open that the ranking may lack.
func (st *State) opens() bool {
	return !st.Opened.Zero() && st.Zoom && st.Pane == HashesPane
}

func countHashes(st *State, s *dhtcore.Snapshot) int { return len(st.Ranked(s)) }

func countHashRows(st *State, s *dhtcore.Snapshot) int { return st.HashRows(s).Len() }

func hashPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	rows := st.HashRows(s)
	return func(row int) Pin {
		if h := rows.At(row); h != nil {
			return Pin{ID: h.InfoHash}
		}
		return foldPin
	}
}

func siftHashes(st *State, s *dhtcore.Snapshot, passes func(*dhtcore.RankedHash) bool) {
	row := dhtcore.RankedHash{At: s.At, Window: st.Window}
	pass := func(h *dhtcore.HashRow) bool {
		row.HashRow = h
		return passes(&row)
	}
	s.Hashes.Top, s.Ranking.Rows = kept(s.Hashes.Top, pass), kept(s.Ranking.Rows, pass)
}

func selectedHash(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	if h := st.Hash(s); h != nil {
		return h.InfoHash, h.Name, true
	}
	return hash, "", false
}

// NameOf is the name of a hash, "" while it is unknown.
func NameOf(s *dhtcore.Snapshot, hash dhtcore.ID) string {
	if name := s.Names[hash]; name != "" || s.Names != nil {
		return name
	}
	for i := range s.Hashes.Top {
		if h := &s.Hashes.Top[i]; h.InfoHash == hash {
			return h.Name
		}
	}
	return ""
}

// lookupOfHash is the newest lookup of the selected hash, where the ranking is the pane.
func lookupOfHash(st *State, s *dhtcore.Snapshot) *dhtcore.LookupState {
	if h := st.Hash(s); h != nil && st.Pane == HashesPane {
		if i := LookupOf(s, h.InfoHash); i >= 0 {
			return &s.Lookups[i]
		}
	}
	return nil
}

func whyNotOpenHash(st *State, s *dhtcore.Snapshot) string {
	switch h := st.Hash(s); {
	case st.OnFold(s):
		return ""
	case h == nil:
		return whyNoHashes(st, s)
	case st.Pane == HashesPane && st.Zoom && LookupOf(s, h.InfoHash) < 0:
		return "no lookup of this hash yet: l starts one"
	}
	return ""
}

func whyNoHashes(st *State, s *dhtcore.Snapshot) string {
	switch {
	case st.OnFold(s):
		return "this line stands for several hashes: enter lists them"
	case len(s.Hashes.Top) == 0:
		return "no hashes seen yet: L looks one up"
	case st.Alike:
		return "no look-alike hashes: R lists all"
	default:
		return "no requests in this period: w selects a longer one"
	}
}
