package views

import (
	"dhtop/dhtcore"
	"dhtop/views/panes"
	"dhtop/views/panes/crawl"
	"dhtop/views/panes/events"
	"dhtop/views/panes/hashes"
	"dhtop/views/panes/lookups"
	"dhtop/views/panes/packets"
	"dhtop/views/panes/table"
	"dhtop/views/screen"
)

// pane runs a draw on a fresh grid.
func pane(s *dhtcore.Snapshot, st *screen.State, w, h int, d draw) []string {
	lines, _ := paint(s, st, w, h, d)
	return lines
}

// Overview is pane 1: what is hot, the routing table, the lookups and the log at one glance.
func Overview(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, panes.DrawOverview)
}

// Hashes is pane 2: the info_hashes by rank.
func Hashes(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, hashes.Draw)
}

// Table is pane 3: the routing table as buckets and as nodes.
func Table(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, table.Draw)
}

// Lookups is pane 4: the lookups, and the selected one converging.
func Lookups(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, lookups.Draw)
}

// Crawl is pane 6: the keyspace, and how the sweep through it stands.
func Crawl(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, crawl.Draw)
}

// PacketLog is pane 5: the packets as they pass, and the opened one taken apart.
func PacketLog(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, packets.Draw)
}

// Events is the log of what happens, newest first.
func Events(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, events.Draw)
}

// Help is the overlay that explains the keys and glyphs.
func Help(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, panes.DrawHelp)
}

// Status is the bar at the top: who we are, whether we live, what passes.
func Status(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, panes.DrawStatus)
}

// Hints is the bottom line: the keys of the moment, a toast, or a prompt.
func Hints(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
	return pane(s, st, w, h, panes.DrawHints)
}
