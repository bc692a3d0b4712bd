package hashes

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// Lines of a history, with its title and its axis.
const (
	historyLeast = 4
	historyUsual = 6
	historyMost  = 10
	historyHigh  = 16 // where nothing stands below it
)

// drawDemand draws the requests of the last hour, and beside it those of the last five minutes where there
// is room.
func drawDemand(a canvas.Area, d *dhtcore.Detail) {
	if a.H < historyLeast-1 {
		return
	}
	if d == nil {
		a.Heading("requests")
		return
	}
	if a.W >= 2*slotsWidth {
		minutes := a.TakeRight(a.W / 2)
		drawMinutes(minutes, d)
	}
	drawHour(a, d)
}

func drawHour(a canvas.Area, d *dhtcore.Detail) {
	drawSlots(a, "last hour", "1 h ago", d.History.Hour[:])
}

func drawMinutes(a canvas.Area, d *dhtcore.Detail) {
	drawSlots(a, "last 5 minutes", "5 m ago", d.History.Minutes[:])
}

// drawDays draws on which days peers were seen for the first time, as far as the store goes back.
func drawDays(a canvas.Area, d *dhtcore.Detail) {
	name := "new peers a day, of all in the store"
	if d.Past.More {
		name = "new peers a day, of the latest " + human.Count(dhtcore.MaxPast) + " in the store"
	}
	drawSlots(a, name, strconv.Itoa(dhtcore.PastDays)+" d ago", d.Past.Days[:])
}

// slotsWidth is the least width of the bars of one window.
const slotsWidth = 26

// drawSlots draws counts as bars, the newest to the right, above an axis.
func drawSlots(a canvas.Area, title, begin string, counts []uint32) {
	top := canvas.Highest(counts)
	total := uint64(0)
	for _, n := range counts {
		total += uint64(n)
	}
	b := human.AppendCount(append(a.Scratch(), "peak "...), uint64(top))
	most := len(b)
	b = append(b, " per bar, "...)
	b = human.AppendCount(b, total)
	note := string(append(b, " in total"...))
	if top == 0 {
		note, most = "", 0
	}
	a = a.Heading(title, note, note[:most])
	axis := a.TakeBottom(1)
	a, axis = a.Sub(1, 0, a.W-2, a.H), axis.Sub(1, 0, axis.W-2, 1)
	if top == 0 {
		a.Wrap(0, theme.Dim, "None in this period.")
		return
	}
	counts = counts[max(len(counts)-max(a.W, 1), 0):]
	wide := max(a.W/len(counts), 1)
	for i, n := range counts {
		for x := i * wide; x < (i+1)*wide-min(wide-1, 1); x++ {
			a.Bar(x, theme.Text, float64(n), float64(top))
		}
	}
	axis.Put(0, 0, theme.Dim, begin)
	axis.Right(0, 0, min(wide*len(counts), axis.W), theme.Dim, "now")
}
