package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/human"
	"dhtop/views/screen"
)

// needsNews returns why the keys cannot go to the news.
func needsNews(m *Model) string {
	if len(m.snap.News.Items) == 0 {
		return "no news in " + human.Age(m.snap.At.Sub(m.snap.News.Since))
	}
	return ""
}

// showNews brings the keys into the news of the overview, or back into its ranking.
func showNews(m *Model) tea.Cmd {
	if m.state.Pane == screen.OverviewPane && m.state.News {
		m.state.News = false
		return nil
	}
	m.enter(screen.OverviewPane)
	m.state.News = true
	return nil
}

// openNews opens the hash that the selected news is about.
func (m *Model) openNews() {
	hash, _, ok := m.selection().hash()
	if !ok {
		return
	}
	m.openHashOf(hash)
}
