package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// endOfList is a distance beyond the end of any list.
const endOfList = 1 << 30

// How far a notch of the wheel goes: in lists as far as in most programs, in the keyspace a quarter of it at
// most.
const (
	wheelRows  = 3
	wheelCells = 64
)

// movement is how the keys and the wheel move over what the last frame showed.
type movement struct {
	state *screen.State
	snap  *dhtcore.Snapshot
	shown *screen.Extent
}

func (m *Model) movement() movement { return movement{&m.state, m.snap, &m.shown} }

// half returns half of the rows that the last frame showed of the focused list or the opened detail, at least
// one.
func (mv movement) half() int {
	if mv.scrolls() {
		return max(mv.shown.Page/2, 1)
	}
	return max(mv.shown.Rows/2, 1)
}

// scrolls reports whether the keys scroll an opened detail, as it is longer than its space.
func (mv movement) scrolls() bool { return mv.shown.Hidden > 0 }

// move moves the selection by some rows, or an opened detail by as many lines where it scrolls.
func (mv movement) move(by int) {
	if mv.scrolls() {
		mv.state.Scroll = max(min(mv.state.Scroll+by, mv.shown.Hidden), 0)
		return
	}
	mv.state.Move(mv.snap, by)
}

// toTop scrolls to the first line of what is opened next.
func (mv movement) toTop() { mv.state.Scroll, mv.shown.Hidden = 0, 0 }

// step returns how far one row down is: more than 1 in the keyspace, where a row has many cells.
func (mv movement) step() int {
	if whyNoStrip(mv.state, mv.snap) == "" {
		return max(mv.shown.Rows/screen.StripRows, 1)
	}
	return 1
}

// notch returns how far a notch of the wheel goes. In the keyspace, which has few rows, that is one row.
func (mv movement) notch() int {
	if whyNoStrip(mv.state, mv.snap) == "" {
		return min(mv.step(), wheelCells)
	}
	return wheelRows
}

// move returns an action that moves by some rows.
func move(by func(movement) int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		mv := m.movement()
		mv.move(by(mv))
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
