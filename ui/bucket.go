package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// needsBuckets returns why no bucket can be chosen.
func needsBuckets(m *Model) string {
	switch {
	case m.state.Focus() != screen.NodeList:
		return "only the routing table has buckets: 3 shows it"
	case len(m.snap.Nodes) == 0:
		return "no node yet"
	}
	return ""
}

// chooseBucket lists only the nodes in the bucket of the selected node, or all nodes again.
func chooseBucket(m *Model) tea.Cmd {
	m.state.ChooseBucket(m.snap)
	return nil
}

// turnBucket returns an action that lists the nodes of the bucket by places further.
func turnBucket(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.state.TurnBucket(m.snap, by)
		return nil
	}
}
