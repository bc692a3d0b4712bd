package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
)

// The orders of the ranking.
const (
	ByRequests = iota
	ByRaw
	ByRate
	BySources
	ByAnnounces
	BySamples
	ByPeers
	BySeeds
	ByLeeches
	ByVantages
	ByFirstSeen
	ByLastSeen
	ByHash
	ByName
)

// hashOrders are the ways to sort the ranking, and hashSorts what the core calls them.
var (
	hashOrders = []order{
		ByRequests:  {"requests", true},
		ByRaw:       {"requests with repeats", true},
		ByRate:      {"requests a minute", true},
		BySources:   {"sources", true},
		ByAnnounces: {"announces", true},
		BySamples:   {"samples", true},
		ByPeers:     {"peers", true},
		BySeeds:     {"seeds", true},
		ByLeeches:   {"leechers", true},
		ByVantages:  {"vantages", true},
		ByFirstSeen: {"first seen", true},
		ByLastSeen:  {"last seen", true},
		ByHash:      {"hash", false},
		ByName:      {"name", false},
	}
	hashSorts = [...]dhtcore.Column{dhtcore.ByRequests, dhtcore.ByRawRequests, dhtcore.ByRate, dhtcore.BySources,
		dhtcore.ByAnnounces, dhtcore.BySamples, dhtcore.ByPeers, dhtcore.BySeeds, dhtcore.ByPeersEstimate, dhtcore.ByVantages,
		dhtcore.ByFirstSeen, dhtcore.ByLastSeen, dhtcore.ByInfoHash, dhtcore.ByName}
)

// HashOrder is the order of the ranking as the core knows it.
func (st *State) HashOrder() dhtcore.Order {
	o := st.Orders[HashList]
	by := clampRow(o.By, len(hashOrders))
	return dhtcore.Order{Column: hashSorts[by], Ascending: hashOrders[by].down == o.Reverse, Window: st.Window, Related: st.Alike}
}

// ranked is a ranking that was sorted here, kept because a frame asks for it several times.
type ranked struct {
	of    *dhtcore.Snapshot
	order dhtcore.Order
	rows  []dhtcore.HashRow
}

// Ranked are the hashes as they are listed: all that the core knows, sorted by it, or as long as it has
// not done so those of the ranking by requests, sorted here.
func (st *State) Ranked(s *dhtcore.Snapshot) []dhtcore.HashRow {
	o := st.HashOrder()
	switch {
	case o == dhtcore.Order{}:
		return s.Hashes.Top
	case s.Ranking.Order == o:
		return s.Ranking.Rows
	case st.ranked.of == s && st.ranked.order == o:
		return st.ranked.rows
	default:
		return o.Apply(s.Hashes.Top)
	}
}

// rank sorts the ranking of s, if that must be done here.
func (st *State) rank(s *dhtcore.Snapshot) {
	st.ranked = ranked{of: s, order: st.HashOrder(), rows: st.Ranked(s)}
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
	return orders[l][clampRow(st.Orders[l].By, len(orders[l]))].name
}

// hashNotes say by what the ranking is sorted and out of how many it is, in many words and in few.
func hashNotes(a canvas.Area, s *dhtcore.Snapshot, st *State) []string {
	o := st.HashOrder()
	b := append(a.Scratch(), "by "...)
	b = append(b, st.OrderName(HashList)...)
	if b = append(b, " ▾"...); o.Ascending {
		b = append(b[:len(b)-len(" ▾")], " ▴"...)
	}
	if o.Window != dhtcore.AllTime {
		b = append(append(b, ' '), WindowName(o.Window)...)
	}
	if o.Related {
		b = append(b, ", only those that look alike"...)
	}
	order := len(b)
	b = append(b, " ── "...)
	seen := len(b)
	if o != (dhtcore.Order{}) && s.Ranking.Order != o {
		b = append(human.AppendCount(append(b, "top "...), uint64(len(s.Hashes.Top))), " of "...)
	}
	b = human.AppendCount(b, uint64(max(s.Hashes.Seen, 0)))
	note := string(append(b, " seen"...))
	if o == (dhtcore.Order{}) {
		return []string{note, note[seen:]}
	}
	return []string{note, note[:order], note[seen:]}
}
