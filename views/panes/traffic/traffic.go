package traffic

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// roomForTabs is how many lines there are when the names of the views have one.
const roomForTabs = 10

// views draw what is below the names of the views, in their order.
var views = [screen.Views]func(a canvas.Area, s *dhtcore.Snapshot, st *screen.State){
	screen.MethodsView:  drawMethods,
	screen.ClientsView:  drawClients,
	screen.NetworksView: drawNetworks,
	screen.KeptView:     drawKept,
	screen.HistoryView:  drawHistory,
}

// Draw draws the view that is chosen, below the names of all.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if a.H >= roomForTabs && !st.Zoom {
		drawTabs(a.TakeTop(1), st)
	}
	views[st.View%screen.Views](a, s, st)
}

// drawTabs names the views, and marks the one that is shown.
func drawTabs(a canvas.Area, st *screen.State) {
	const gap = 3
	x := 1
	for v := range screen.Views {
		name := v.String()
		if v == st.View {
			a.Set(x, 0, theme.Accent, theme.Selected)
			a.Put(x+1, 0, theme.Title, name)
		} else {
			a.Put(x+1, 0, theme.Dim, name)
		}
		x += 1 + text.Width(name) + gap
	}
	const hint = "left right"
	if x+len(hint) < a.W {
		a.Put(a.W-len(hint)-1, 0, theme.Dim, hint)
	}
}
