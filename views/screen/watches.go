package screen

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
)

// The orders of the watch list.
const (
	WatchedByAlerts = iota // those with alerts first, then as they were added
	WatchedByName
	WatchedBySeeds
	WatchedByPeers
	WatchedByMine
	WatchedByAlive
	WatchedByLooked
)

var watchOrders = []order{
	WatchedByAlerts: {"alerts", true},
	WatchedByName:   {"name", false},
	WatchedBySeeds:  {"seeds", true},
	WatchedByPeers:  {"peers", true},
	WatchedByMine:   {"mine", true},
	WatchedByAlive:  {"last alive", false},
	WatchedByLooked: {"last looked up", false},
}

// Watched are the rows of the watch list, sorted; without those that the filter leaves out.
func (st *State) Watched(s *dhtcore.Snapshot) []*dhtcore.WatchRow {
	if s.Watch == nil {
		return nil
	}
	rows := s.Watch.Rows
	if passes := rowsPass[watchLine](st, WatchList); passes != nil {
		line := watchLine{at: s.At}
		rows = slices.DeleteFunc(slices.Clone(rows), func(r *dhtcore.WatchRow) bool {
			line.WatchRow = r
			return !passes(&line)
		})
	}
	o := st.Orders[WatchList]
	if o == (Order{}) {
		return rows
	}
	rows = slices.Clone(rows)
	if o.By == WatchedByAlerts {
		slices.Reverse(rows)
		return rows
	}
	turn := 1
	if o.Reverse {
		turn = -1
	}
	slices.SortStableFunc(rows, func(a, b *dhtcore.WatchRow) int { return compareWatched(o.By, turn, a, b) })
	return rows
}

// compareWatched compares by an order; what is not known comes last.
func compareWatched(by, turn int, a, b *dhtcore.WatchRow) int {
	switch by {
	case WatchedByName:
		return turn * strings.Compare(strings.ToLower(a.Name()), strings.ToLower(b.Name()))
	case WatchedBySeeds:
		return known(!a.Last.SeedsKnown, !b.Last.SeedsKnown, turn*cmp.Compare(b.Last.Seeds, a.Last.Seeds))
	case WatchedByPeers:
		return known(a.Last.At.IsZero(), b.Last.At.IsZero(), turn*cmp.Compare(WatchedCount(b), WatchedCount(a)))
	case WatchedByMine:
		return known(!a.Last.MineKnown, !b.Last.MineKnown, turn*cmp.Compare(b.Last.MineOn, a.Last.MineOn))
	case WatchedByAlive:
		return known(a.LastAlive.IsZero(), b.LastAlive.IsZero(), turn*b.LastAlive.Compare(a.LastAlive))
	default:
		return known(a.Last.At.IsZero(), b.Last.At.IsZero(), turn*b.Last.At.Compare(a.Last.At))
	}
}

// WatchedCount is how many there are of an entry: peers of a torrent, holders of an item.
func WatchedCount(r *dhtcore.WatchRow) int {
	if r.IsItem() {
		return r.Last.Holders
	}
	return r.Last.Swarm()
}

// WatchedRow is the selected row of the watch list; nil for none.
func (st *State) WatchedRow(s *dhtcore.Snapshot) *dhtcore.WatchRow {
	rows := st.Watched(s)
	if len(rows) == 0 {
		return nil
	}
	return rows[Clamp(st.Lists[WatchList].Row, len(rows))]
}

// IsWatched reports whether the hash is on the watch list, as far as its rows are in the Snapshot.
func IsWatched(s *dhtcore.Snapshot, hash dhtcore.ID) bool {
	return s.Watch != nil && slices.ContainsFunc(s.Watch.Rows, func(r *dhtcore.WatchRow) bool { return slices.Contains(r.Hashes(), hash) })
}

func countWatched(st *State, s *dhtcore.Snapshot) int { return len(st.Watched(s)) }

// allWatched counts the entries of which a filter leaves some.
func allWatched(_ *State, s *dhtcore.Snapshot) int {
	if s.Watch == nil {
		return 0
	}
	return len(s.Watch.Rows)
}

func watchPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	rows := st.Watched(s)
	return func(row int) Pin { return Pin{ID: rows[row].Target} }
}

func selectedWatched(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	r := st.WatchedRow(s)
	if r == nil || r.IsItem() {
		return hash, "", false
	}
	return r.Target, r.Label, true
}

// lookupOfWatched is the newest lookup of the selected entry.
func lookupOfWatched(st *State, s *dhtcore.Snapshot) *dhtcore.LookupState {
	if r := st.WatchedRow(s); r != nil {
		if i := LookupOf(s, r.Target); i >= 0 {
			return &s.Lookups[i]
		}
	}
	return nil
}

func whyNotOpenWatched(st *State, s *dhtcore.Snapshot) string {
	if r := st.WatchedRow(s); r != nil && r.IsItem() {
		return "a mutable item has no page of its own: z shows all that is known of it"
	}
	return ""
}

func whyNoWatchedHash(st *State, s *dhtcore.Snapshot) string {
	if st.WatchedRow(s) == nil {
		return nothingWatched
	}
	return "the selected entry is a mutable item, no torrent"
}

// watchLine is a row of the watch list, as a filter sees it.
type watchLine struct {
	*dhtcore.WatchRow
	at time.Time
}

func (r *watchLine) word() string { return r.State.String() }

// watchColumns is what filters can ask of an entry.
var watchColumns = filter.Table[watchLine]{
	wordColumn("state", "by the last lookup", (*watchLine).word, []string{dhtcore.WatchWaiting.String(), dhtcore.WatchAlive.String(),
		dhtcore.WatchSeedless.String(), dhtcore.WatchSilent.String(), dhtcore.WatchFading.String()}),
	glyphColumn((*watchLine).word),
	textColumn("name", "its label", func(dst []byte, r *watchLine) []byte { return append(dst, r.Name()...) }, "label"),
	textColumn("hash", "its info_hash, or the target of an item", func(dst []byte, r *watchLine) []byte { return appendID(dst, r.Target) }),
	numberColumn("seeds", "estimated (BEP 33)", func(r *watchLine) int { return r.Last.Seeds }),
	numberColumn("peers", "seeds and leechers; of an item its holders", func(r *watchLine) int { return WatchedCount(r.WatchRow) }),
	numberColumn("mine", "closest nodes that name your client", func(r *watchLine) int { return r.Last.MineOn }),
	numberColumn("alerts", "that are firing", func(r *watchLine) int { return len(r.Alerts) }),
	{Field: filter.Field{Name: "alive", Kind: filter.Age, Help: "how long ago somebody was found last"},
		Number: func(r *watchLine) float64 { return filter.Since(r.at, r.LastAlive) }},
}
