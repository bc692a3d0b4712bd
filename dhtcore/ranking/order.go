package ranking

import (
	"bytes"
	"cmp"
	"slices"

	"dhtop/dhtcore/ledger"
)

// Window is the time in which the requests of hashes are counted.
type Window uint8

// The windows.
const (
	AllTime Window = iota
	LastHour
	LastMinutes // the last five
	Windows     // how many there are
)

// Order says which hashes are in a ranking and what they are sorted by. The zero Order is that of a Snapshot:
// all of them, by all their requests, most first.
type Order struct {
	Column    ledger.Column // ByRequests counts those in the Window
	Ascending bool
	Window    Window
	Related   bool // only those that have a hash like them
}

// by is the column of the ledger that the order sorts by.
func (o Order) by() ledger.Column {
	switch {
	case o.Column != ledger.ByRequests || o.Window == AllTime:
		return o.Column
	case o.Window == LastHour:
		return ledger.ByHour
	default:
		return ledger.ByMinutes
	}
}

// In returns the requests of a row in a window.
func (w Window) In(row *ledger.HashRow) uint64 {
	switch w {
	case AllTime:
		return row.Requests
	case LastHour:
		return row.Hour
	default:
		return row.Minutes
	}
}

// Apply sorts a copy of rows, a ranking by requests, leaves out those that the order excludes and sets the Rank
// of the others. The screen shows this until the Ranking of all hashes is made.
func (o Order) Apply(rows []ledger.HashRow) []ledger.HashRow {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r ledger.HashRow) bool {
		paced := o.Column == ledger.ByRate || o.Column == ledger.ByRequests && o.Window != AllTime
		return o.Related && r.Related == 0 || paced && o.value(&r) == 0
	})
	slices.SortStableFunc(rows, func(a, b ledger.HashRow) int {
		order := 0
		switch o.Column {
		case ledger.ByName:
			if (a.Name == "") != (b.Name == "") {
				return cmp.Compare(len(b.Name), len(a.Name)) // hashes without a name come last in both directions
			}
			order = cmp.Compare(a.Name, b.Name)
		case ledger.ByInfoHash:
			order = bytes.Compare(a.InfoHash[:], b.InfoHash[:])
		case ledger.ByFirstSeen:
			order = a.FirstSeen.Compare(b.FirstSeen)
		case ledger.ByLastSeen:
			order = a.LastSeen.Compare(b.LastSeen)
		default:
			order = cmp.Compare(o.value(&a), o.value(&b))
		}
		if o.Ascending {
			return order
		}
		return -order
	})
	for i := range rows {
		rows[i].Rank = i + 1
	}
	return rows
}

// value returns the number that a row has in the column.
func (o Order) value(r *ledger.HashRow) float64 {
	if o.Column == ledger.ByRequests {
		return float64(o.Window.In(r))
	}
	return o.Column.Of(r)
}
