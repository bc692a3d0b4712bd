package ui

import tea "github.com/charmbracelet/bubbletea"

// The largest screen that is drawn, in cells: more than the finest letters on the largest displays give. Beyond it the
// window stays empty. A terminal may say anything of its size, up to 65535 by 65535, and a frame takes memory for each cell.
const (
	maxWidth  = 2000
	maxHeight = 500
)

// bounded returns the part of a window that is drawn.
func bounded(window tea.WindowSizeMsg) tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: min(window.Width, maxWidth), Height: min(window.Height, maxHeight)}
}
