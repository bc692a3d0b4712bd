package ui

import (
	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// always is the Command of an action that is one wherever it is done.
func always(*Model) bool { return true }

// inLab reports whether the keys turn and start what is in the lab.
func inLab(m *Model) bool { return m.state.Focus() == screen.LabList }

// inCrawl reports whether + and - change the limits of the node.
func inCrawl(m *Model) bool { return m.state.Pane == screen.CrawlPane && m.core.Replay == nil }

// readOnly returns why no command can be given to the node now, "" if it can.
func (m *Model) readOnly() string {
	switch {
	case m.core.ReadOnly != "":
		return m.core.ReadOnly
	case m.state.Link != nil && m.state.Link.ReadOnly != "":
		return m.state.Link.ReadOnly
	case m.scrub.on():
		return m.readOnlyPast()
	}
	return ""
}

// whole returns c with functions that do nothing in place of those that it lacks.
func (c Core) whole() Core {
	if c.WatchPackets == nil {
		c.WatchPackets = func(bool, *dhtcore.PacketFilter) error { return nil }
	}
	if c.WatchHash == nil {
		c.WatchHash = func(dhtcore.ID) error { return nil }
	}
	if c.StopPing == nil {
		c.StopPing = func() {}
	}
	if c.RankBy == nil {
		c.RankBy = func(dhtcore.Order) {}
	}
	if c.RankSwarmsBy == nil {
		c.RankSwarmsBy = func(dhtcore.SwarmQuery) {}
	}
	if c.ParseTorrents == nil {
		c.ParseTorrents = dhtcore.ParseTorrents
	}
	if c.LearnTorrent == nil {
		c.LearnTorrent = func(*dhtcore.Torrent) {}
	}
	if c.Note == nil {
		c.Note = func(string) {}
	}
	return c
}
