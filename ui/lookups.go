package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// request is something that the user started for a hash, and whose result a later Snapshot has. The zero
// value is none.
type request struct {
	target dhtcore.ID
	since  time.Time
}

func (r request) pending() bool { return !r.since.IsZero() }

// lookupTimeout is how long a started lookup may take to appear in a Snapshot. It may never do: an announce
// with valid tokens starts none.
const lookupTimeout = 5 * time.Second

// selectStarted selects the lookup that the user started last, as soon as a Snapshot has it. It may be one that ran
// already.
func (m *Model) selectStarted() {
	if !m.started.pending() {
		return
	}
	for i := range m.snap.Lookups {
		lk := &m.snap.Lookups[i]
		if lk.Target == m.started.target && (!lk.Done || !lk.Started.Add(lk.Elapsed).Before(m.started.since)) {
			m.state.Select(m.snap, screen.LookupList, i)
			m.started = request{}
			return
		}
	}
	if m.snap.At.Sub(m.started.since) > lookupTimeout {
		m.started = request{}
	}
}

// needsHash reports why there is no hash to act on.
func needsHash(m *Model) string {
	if _, _, ok := m.selection().hash(); ok {
		return ""
	}
	return m.selection().because(m.selection().list().WhyNoHash(&m.state, m.snap))
}

func lookUp(m *Model) tea.Cmd {
	hash, _, _ := m.selection().hash()
	m.start(m.swarms(hash)...)
	return nil
}

// swarms returns hash and, where it is known to be of a hybrid torrent, the other hash.
func (m *Model) swarms(hash dhtcore.ID) []dhtcore.ID {
	if other, hybrid := m.snap.SameTorrent[hash]; hybrid {
		return []dhtcore.ID{hash, other}
	}
	return []dhtcore.ID{hash}
}

// start starts lookups, at least one. Their results are in the next Snapshots, and the first one is selected.
func (m *Model) start(hashes ...dhtcore.ID) {
	now := time.Now()
	for _, hash := range slices.Backward(hashes) { // the first one becomes the newest
		if err := m.core.StartLookup(hash); err != nil {
			m.fail(now, err)
			return
		}
	}
	m.started = request{hashes[0], now}
	then := ""
	switch {
	case m.state.Frozen:
		then = ": space resumes the screen"
	case m.state.Pane != screen.LookupsPane:
		then = ": 4 shows it"
	}
	more := ""
	if n := len(hashes) - 1; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	m.toast.say(now, "looking up %s%s%s", text.Prefix(hashes[0], 8), more, then)
}

func askLookUp(m *Model) tea.Cmd {
	m.askHash("")
	return nil
}

// parsePatience is how long a file that somebody names may hold up the screen: a pipe has no end, and a file
// system of another machine may be away.
const parsePatience = time.Second

// askHash opens the prompt for a hash, and starts and shows its lookup: two lookups of a hybrid torrent, and one of
// each hash where a link names several.
func (m *Model) askHash(value string) {
	const hint = "40 or 64 hex or 32 base32 digits, a magnet link, or a .torrent file"
	m.ask("look up", hint, value, func(m *Model, value string) (tea.Cmd, error) {
		ctx, cancel := context.WithTimeout(context.Background(), parsePatience)
		defer cancel()
		torrents, err := m.core.ParseTorrents(ctx, value)
		if err != nil {
			return nil, err
		}
		var hashes []dhtcore.ID
		for i := range torrents {
			m.core.LearnTorrent(&torrents[i])
			hashes = append(hashes, torrents[i].Hashes...)
		}
		if m.state.Pane != screen.LookupsPane {
			m.back.push(&m.state, false)
		}
		m.state.Pane, m.state.Zoom, m.state.Peers, m.state.Help = screen.LookupsPane, false, false, false
		m.state.FullDetails = false
		m.start(hashes...)
		return nil, nil
	})
}
