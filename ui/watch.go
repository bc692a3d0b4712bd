package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// hintUnwatch is the hint of what W does in the watch list.
const hintUnwatch = "unwatch"

// canWatch returns why nothing can be put on the watch list or taken off it.
func canWatch(m *Model) string {
	if m.state.Focus() == screen.WatchList && m.state.WatchedRow(m.snap) != nil {
		return ""
	}
	return needsHash(m)
}

// turnWatch puts the selected hash on the watch list; one that is there is taken off.
func turnWatch(m *Model) tea.Cmd {
	now := time.Now()
	var entry dhtcore.WatchEntry
	watched := false
	if r := m.state.WatchedRow(m.snap); r != nil && m.state.Focus() == screen.WatchList {
		entry, watched = r.Entry, true
	} else {
		hash, name, _ := m.selection().hash()
		torrent := dhtcore.Torrent{Hashes: []dhtcore.ID{hash}}
		if other := m.snap.SameTorrent[hash]; !other.Zero() {
			torrent.Hashes = append(torrent.Hashes, other)
		}
		entry = dhtcore.NewWatchEntry(&torrent, name)
		watched = screen.IsWatched(m.snap, hash)
	}
	if watched {
		if err := m.core.Unwatch(entry.Target); err != nil {
			m.fail(now, err)
			return nil
		}
		m.toast.say(now, "no longer watched: %s", entryName(&entry))
		return nil
	}
	switch fresh, err := m.core.Watch(entry); {
	case err != nil:
		m.fail(now, err)
	case fresh:
		m.toast.say(now, "watched: %s; 8 shows the list", entryName(&entry))
	default:
		m.toast.say(now, "%s is on the watch list already", entryName(&entry))
	}
	return nil
}

// entryName is the name of an entry in a toast.
func entryName(entry *dhtcore.WatchEntry) string {
	if entry.Label == "" {
		return text.Prefix(entry.Target, 8)
	}
	return entry.Name()
}

// openWatched opens the detail of the hash of the selected entry.
func (m *Model) openWatched() {
	if r := m.state.WatchedRow(m.snap); r != nil && !r.IsItem() {
		m.state.OpenHash(m.snap, r.Target)
		m.goTo(screen.HashesPane, true)
	}
}

// openAlert opens what an alert is about: an entry of the watch list, a hash that was taken off it, or our own node.
func (m *Model) openAlert(target dhtcore.ID) {
	if target.Zero() {
		m.state.Doctor = true
		return
	}
	for i, r := range m.state.Watched(m.snap) {
		if r.Target == target {
			m.goTo(screen.WatchPane, false)
			m.state.Select(m.snap, screen.WatchList, i)
			return
		}
	}
	m.openHashOf(target)
}
