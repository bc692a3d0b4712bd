package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/text"
)

// nameTimeout is how long the result of fetching a name is awaited; the core gives up earlier.
const nameTimeout = time.Minute

// canFetchName returns why no name can be fetched.
func canFetchName(m *Model) string {
	hash, name, ok := m.selection().hash()
	switch {
	case !ok:
		return needsHash(m)
	case m.snap.Metadata[hash] != nil:
		return "its name is known: " + m.snap.Metadata[hash].Name
	case name != "":
		return "its name is known: " + name
	}
	return ""
}

// fetchName asks the peers of the selected hash for its name (BEP 9).
func fetchName(m *Model) tea.Cmd {
	now := time.Now()
	hash, _, _ := m.selection().hash()
	if err := m.core.StartFetchName(hash); err != nil {
		m.fail(now, err)
		return nil
	}
	m.nameFetch = request{hash, now}
	m.toast.say(now, "fetching the name of %s from its peers", text.Prefix(hash, 8))
	return nil
}

// reportName reports the result of the last name fetch that the user started, once.
func (m *Model) reportName(now time.Time) {
	if !m.nameFetch.pending() {
		return
	}
	hash, since := m.nameFetch.target, m.nameFetch.since
	switch info := m.snap.Metadata[hash]; {
	case info != nil:
		m.toast.say(now, "%s is %s", text.Prefix(hash, 8), info.Name)
	case now.Sub(since) > nameTimeout:
	default:
		for i := len(m.snap.Warnings) - 1; i >= 0 && !m.snap.Warnings[i].At.Before(since); i-- {
			if e := &m.snap.Warnings[i]; e.Hash == hash && e.Kind == dhtcore.Warning {
				m.toast.complain(now, text.Prefix(hash, 8)+": "+e.Text) // the log has it
				m.nameFetch = request{}
			}
		}
		return
	}
	m.nameFetch = request{}
}
