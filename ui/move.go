package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// endOfList is a distance beyond the end of any list.
const endOfList = 1 << 30

// half returns half of the rows that the last frame showed of the focused list or the opened detail, at least
// one.
func (m *Model) half() int {
	if m.scrolls() {
		return max(m.shown.Page/2, 1)
	}
	return max(m.shown.Rows/2, 1)
}

// scrolls reports whether the keys scroll an opened detail, as it is longer than its space.
func (m *Model) scrolls() bool { return m.shown.Hidden > 0 }

// move moves the selection by some rows, or an opened detail by as many lines where it scrolls.
func (m *Model) move(by int) {
	if m.scrolls() {
		m.state.Scroll = max(min(m.state.Scroll+by, m.shown.Hidden), 0)
		return
	}
	m.state.Move(m.snap, by)
}

// toTop scrolls to the first line of what is opened next.
func (m *Model) toTop() { m.state.Scroll, m.shown.Hidden = 0, 0 }

// step returns how far one row down is: more than 1 in the keyspace, where a row has many cells.
func (m *Model) step() int {
	if needsStrip(m) == "" {
		return max(m.shown.Rows/screen.StripRows, 1)
	}
	return 1
}

// move returns an action that moves by some rows.
func move(by func(m *Model) int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.move(by(m))
		return nil
	}
}

// canFollow reports why there is nothing to follow.
func canFollow(m *Model) string {
	if m.selection().focus().Pins == nil {
		return "rows do not move here: nothing to follow"
	}
	return ""
}

// follow keeps the selection on its row wherever that moves, or stops doing so.
func follow(m *Model) tea.Cmd {
	if m.state.Hold(m.snap) {
		m.toast.say(time.Now(), "following the selected row, even if it leaves and returns; F stops")
	} else {
		m.toast.say(time.Now(), "no longer following")
	}
	return nil
}
