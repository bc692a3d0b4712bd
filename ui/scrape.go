package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/human"
	"dhtop/views/text"
)

// scrapeTrackers asks the trackers of the selected hash for its swarm. Its detail shows what they say.
func scrapeTrackers(m *Model) tea.Cmd {
	now := time.Now()
	hash, _, _ := m.selection().hash()
	trackers, err := m.core.StartScrape(hash)
	if err != nil {
		m.fail(now, err)
		return nil
	}
	m.toast.say(now, "asking %s of %s: its detail and its lookup show what they say", human.Amount(trackers, "tracker", "trackers"), text.Prefix(hash, 8))
	return nil
}
