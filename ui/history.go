package ui

import "dhtop/views/screen"

// history is where the user was before opening something, the latest place last.
type history []place

type place struct {
	pane screen.Pane
	zoom bool
}

// push adds the place that st shows.
func (h *history) push(st *screen.State) { *h = append(*h, place{st.Pane, st.Zoom}) }

// pop goes back to the latest place, and reports whether there was one.
func (h *history) pop(st *screen.State) bool {
	last := len(*h) - 1
	if last < 0 {
		return false
	}
	st.Pane, st.Zoom = (*h)[last].pane, (*h)[last].zoom
	*h = (*h)[:last]
	return true
}
