package ui

import (
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

// selectStarted selects the lookup that the user started last, as soon as a Snapshot has it.
func (m *Model) selectStarted() {
	if !m.started.pending() {
		return
	}
	for i := range m.snap.Lookups {
		lk := &m.snap.Lookups[i]
		if lk.Target == m.started.target && (!lk.Done || !lk.Started.Before(m.started.since)) {
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
	m.start(hash)
	return nil
}

// start starts a lookup. Its result is in the next Snapshots.
func (m *Model) start(hash dhtcore.ID) {
	now := time.Now()
	if err := m.core.startLookup(hash); err != nil {
		m.fail(now, err)
		return
	}
	m.started = request{hash, now}
	then := ""
	switch {
	case m.state.Frozen:
		then = ": space resumes the screen"
	case m.state.Pane != screen.LookupsPane:
		then = ": 4 shows it"
	}
	m.toast.say(now, "looking up %s%s", text.Prefix(hash, 8), then)
}

func askLookUp(m *Model) tea.Cmd {
	m.askHash("")
	return nil
}

// askHash opens the prompt for a hash, and starts and shows its lookup.
func (m *Model) askHash(value string) {
	const hint = "40 hex or 32 base32 digits, a magnet link, or a .torrent file"
	m.ask("look up", hint, value, func(m *Model, value string) (tea.Cmd, error) {
		hash, err := m.core.parseHash(value)
		if err != nil {
			return nil, err
		}
		if m.state.Pane != screen.LookupsPane {
			m.back.push(&m.state)
		}
		m.state.Pane, m.state.Zoom, m.state.Peers, m.state.Help = screen.LookupsPane, false, false, false
		m.state.FullDetails = false
		m.start(hash)
		return nil, nil
	})
}
