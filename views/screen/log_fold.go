package screen

import (
	"slices"

	"dhtop/dhtcore"
)

// LogRow is a line of the log: an event, or a lookup with all that it found.
type LogRow struct {
	*dhtcore.Event     // of a lookup the latest
	Peers, Nodes   int // of a lookup: peers that were new, and nodes that told of some

	first int // where it begins among the events
}

// FoldLog makes lines of events, which are the oldest first; the newest line is the first. A lookup is one line, where its
// latest event is.
func FoldLog(events []dhtcore.Event) []LogRow {
	rows := make([]LogRow, 0, len(events))
	open := make(map[dhtcore.ID]int) // the lines of the lookups that may go on
	for i := range events {
		e := &events[i]
		row := LogRow{Event: e, first: i}
		switch e.Kind {
		case dhtcore.LookupStep, dhtcore.Discovered:
			continue
		case dhtcore.LookupStarted:
			open[e.Hash] = len(rows)
		case dhtcore.Found, dhtcore.LookupDone:
			if at, running := open[e.Hash]; running {
				row.Peers, row.Nodes, row.first = rows[at].Peers, rows[at].Nodes, rows[at].first
				rows[at].Event = nil
			}
			if open[e.Hash] = len(rows); e.Kind == dhtcore.LookupDone {
				delete(open, e.Hash)
				break
			}
			row.Peers += e.New
			row.Nodes++
		}
		rows = append(rows, row)
	}
	rows = slices.DeleteFunc(rows, func(r LogRow) bool { return r.Event == nil })
	slices.Reverse(rows)
	return rows
}

// ofLookup reports whether an event is told of by the line of its lookup.
func ofLookup(e *dhtcore.Event) bool {
	return e.Kind == dhtcore.LookupStarted || e.Kind == dhtcore.Found || e.Kind == dhtcore.LookupDone
}
