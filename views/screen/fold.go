package screen

import "dhtop/dhtcore"

// HashRows are the rows of the ranking as it is listed. Sorted by how much hashes are asked for, it ends with a line
// that stands for those that nobody asked for; enter lists them below that line, or folds them again.
type HashRows struct {
	Hashes []dhtcore.HashRow // that have a row, those below the line last
	Fold   int               // the row of the line; -1 where there is none
	Folded []dhtcore.HashRow // the hashes that the line stands for, whether they are listed or not
}

// leastFold is how many rows are worth a line that stands for them.
const leastFold = 2

// foldPin is what follows the line; a hash pins its ID.
var foldPin = Pin{At: 1}

// Len is how many rows there are, the line included.
func (r HashRows) Len() int {
	if r.Fold < 0 {
		return len(r.Hashes)
	}
	return len(r.Hashes) + 1
}

// At is the hash of a row; nil for the line, and where there is no row.
func (r HashRows) At(row int) *dhtcore.HashRow {
	if r.Fold >= 0 && row >= r.Fold {
		if row == r.Fold {
			return nil
		}
		row--
	}
	if row < 0 || row >= len(r.Hashes) {
		return nil
	}
	return &r.Hashes[row]
}

// row is the row of the hash at i.
func (r HashRows) row(i int) int {
	if r.Fold >= 0 && i >= r.Fold {
		return i + 1
	}
	return i
}

// Open reports whether the hashes of the line are listed.
func (r HashRows) Open() bool { return r.Fold >= 0 && len(r.Hashes) > r.Fold }

// HashRows are the rows of the ranking of s.
func (st *State) HashRows(s *dhtcore.Snapshot) HashRows {
	if st.ranked.key == st.rankedBy(s) {
		return st.ranked.rows
	}
	return st.fold(st.sorted(s))
}

// fold parts what was asked for from what was not.
func (st *State) fold(all []dhtcore.HashRow) HashRows {
	o, n := st.HashOrder(), 0
	if !saysDemand(o) || st.Filters[HashList] != nil {
		return HashRows{Hashes: all, Fold: -1}
	}
	for i := range all {
		if wanted(o, &all[i]) {
			n++
		}
	}
	if n == 0 || len(all)-n < leastFold {
		return HashRows{Hashes: all, Fold: -1}
	}
	for i := range n {
		if !wanted(o, &all[i]) { // the order is some moments old
			all = parted(o, all)
			break
		}
	}
	rows := HashRows{Hashes: all, Fold: n, Folded: all[n:]}
	if !st.Unfolded {
		rows.Hashes = all[:n]
	}
	return rows
}

// parted returns rows with those that were asked for first.
func parted(o dhtcore.Order, all []dhtcore.HashRow) []dhtcore.HashRow {
	some := make([]dhtcore.HashRow, 0, len(all))
	for _, want := range [...]bool{true, false} {
		for i := range all {
			if wanted(o, &all[i]) == want {
				some = append(some, all[i])
				some[len(some)-1].Rank = len(some)
			}
		}
	}
	return some
}

// saysDemand reports whether an order is by how much hashes are asked for, the most first. The rate and the requests of
// a window leave out those that are not.
func saysDemand(o dhtcore.Order) bool {
	return !o.Ascending && (o.Column == dhtcore.ByRequests || o.Column == dhtcore.ByRawRequests || o.Column == dhtcore.BySources)
}

// wanted reports whether anybody has asked for a hash, as such an order counts it, or our tracker knows who has it.
func wanted(o dhtcore.Order, h *dhtcore.HashRow) bool {
	switch o.Column {
	case dhtcore.ByRawRequests:
		return h.RawRequests > 0
	case dhtcore.BySources:
		return h.Sources > 0
	default:
		return o.Window.In(h) > 0 || o.Window == dhtcore.AllTime && h.Tracked > 0
	}
}

// OnFold reports whether the line that stands for several hashes is selected in the ranking.
func (st *State) OnFold(s *dhtcore.Snapshot) bool {
	rows := st.HashRows(s)
	return !st.opens() && rows.Fold >= 0 && st.Lists[HashList].Row == rows.Fold
}

// TurnFold lists the hashes that the line stands for, or folds them again. The line stays selected.
func (st *State) TurnFold(s *dhtcore.Snapshot) {
	st.Unfolded = !st.Unfolded
	st.rank(s)
	if rows := st.HashRows(s); rows.Fold >= 0 {
		st.Select(s, HashList, rows.Fold)
	}
}
