package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// needsRanking returns why there is no ranking to change.
func needsRanking(m *Model) string {
	if m.state.Focus() != screen.HashList {
		return "only hashes are ranked: 2 shows them"
	}
	return ""
}

// canTurn returns why there is neither a period nor a kind to turn.
func canTurn(m *Model) string {
	if m.state.Focus() == screen.NetworkList {
		return ""
	}
	return needsRanking(m)
}

// turnWindow ranks by the requests of the next period, or lists the networks of the next kind.
func turnWindow(m *Model) tea.Cmd {
	if m.state.Focus() == screen.NetworkList {
		m.state.TurnNetworks(m.snap)
		return nil
	}
	m.toast.say(time.Now(), "requests %s", m.state.TurnWindow(m.snap))
	return nil
}

// showAlike lists only look-alike hashes, or all again.
func showAlike(m *Model) tea.Cmd {
	m.state.ShowAlike(m.snap, !m.state.Alike)
	if m.state.Alike {
		m.toast.say(time.Now(), "only hashes that share their first 10 and last 5 digits with another")
	} else {
		m.toast.say(time.Now(), "all hashes")
	}
	return nil
}

// openHash opens the detail of the selected hash, and from there its newest lookup. On the line that stands for
// several hashes it lists them, or folds them again.
func (m *Model) openHash() {
	if m.state.OnFold(m.snap) {
		m.state.TurnFold(m.snap)
		return
	}
	if m.state.Pane == screen.HashesPane && !m.state.Zoom {
		m.state.Zoom, m.state.Opened = true, dhtcore.ID{}
		return
	}
	m.back.push(&m.state, m.state.Pane != screen.HashesPane)
	if m.state.Pane != screen.HashesPane {
		m.state.Pane, m.state.Zoom, m.state.Opened = screen.HashesPane, true, dhtcore.ID{}
		return
	}
	m.state.Select(m.snap, screen.LookupList, screen.LookupOf(m.snap, m.state.Hash(m.snap).InfoHash))
	m.state.Pane, m.state.Zoom, m.state.Peers = screen.LookupsPane, false, false
}

// openSwarm opens the detail of the hash of the selected swarm.
func (m *Model) openSwarm() {
	if hash, _, ok := m.selection().hash(); ok {
		m.state.OpenHash(m.snap, hash)
		m.goTo(screen.HashesPane, true)
	}
}
