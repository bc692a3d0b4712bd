package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// hashView is what the core has been told of the ranking and of the hash that is looked at.
type hashView struct {
	order dhtcore.Order
	hash  dhtcore.ID // zero for none
}

// watchHash has the core rank the hashes as the screen does, and remember who asks for the selected one
// while its detail may be shown.
func (m *Model) watchHash() {
	v := hashView{order: m.state.HashOrder()}
	if h := m.state.Hash(m.snap); h != nil && m.state.Pane == screen.HashesPane {
		v.hash = h.InfoHash
	}
	was := m.hashView
	m.hashView = v
	if v.order != was.order {
		m.core.rankBy(v.order)
	}
	if v.hash != was.hash {
		m.core.watchHash(v.hash)
	}
}

// needsRanking tells why there is no ranking to change.
func needsRanking(m *Model) string {
	if m.state.Focus() != screen.HashList {
		return "only hashes are ranked: 2 shows them"
	}
	return ""
}

// turnWindow counts the requests of the ranking in another time.
func turnWindow(m *Model) tea.Cmd {
	m.say(time.Now(), "requests %s", m.state.TurnWindow(m.snap))
	return nil
}

// showAlike lists only the hashes that look alike, or all again.
func showAlike(m *Model) tea.Cmd {
	m.state.ShowAlike(m.snap, !m.state.Alike)
	if m.state.Alike {
		m.say(time.Now(), "only hashes that share their first 10 and last 5 digits with another")
	} else {
		m.say(time.Now(), "all hashes")
	}
	return nil
}

// openHash opens the detail of the selected hash, and from there its newest lookup.
func (m *Model) openHash() {
	if m.state.Pane == screen.HashesPane && !m.state.Zoom {
		m.state.Zoom = true
		return
	}
	m.back = append(m.back, place{m.state.Pane, m.state.Zoom})
	if m.state.Pane != screen.HashesPane {
		m.state.Pane, m.state.Zoom = screen.HashesPane, true
		return
	}
	m.state.Select(m.snap, screen.LookupList, screen.LookupOf(m.snap, m.state.Hash(m.snap).InfoHash))
	m.state.Pane, m.state.Zoom, m.state.Peers = screen.LookupsPane, false, false
}
