package ui

import "dhtop/views/screen"

// history is where the user was before opening something, the latest place last.
type history []place

type place struct {
	pane   screen.Pane
	zoom   bool
	news   bool
	opened bool // what was opened from here fills the screen
}

// push adds the place that st shows. zoom is whether what is opened from it fills the screen.
func (h *history) push(st *screen.State, zoom bool) {
	*h = append(*h, place{st.Pane, st.Zoom, st.News, zoom})
}

// opened reports whether what fills the screen was opened from another place.
func (h history) opened() bool { return len(h) > 0 && h[len(h)-1].opened }

// pop goes back to the latest place, and reports whether there was one.
func (h *history) pop(st *screen.State) bool {
	last := len(*h) - 1
	if last < 0 {
		return false
	}
	st.Pane, st.Zoom, st.News = (*h)[last].pane, (*h)[last].zoom, (*h)[last].news
	*h = (*h)[:last]
	return true
}
