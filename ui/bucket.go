package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// needsBuckets tells why there is no bucket to choose.
func needsBuckets(m *Model) string {
	switch {
	case m.state.Focus() != screen.NodeList:
		return "only the routing table has buckets: 3 shows it"
	case len(m.snap.Nodes) == 0:
		return "no node yet"
	}
	return ""
}

// chooseBucket lists the nodes of the selected node's bucket alone, or all again.
func chooseBucket(m *Model) tea.Cmd {
	m.state.ChooseBucket(m.snap)
	return nil
}

// turnBucket is an action that lists the nodes of the bucket that is by further on.
func turnBucket(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.state.TurnBucket(m.snap, by)
		return nil
	}
}
