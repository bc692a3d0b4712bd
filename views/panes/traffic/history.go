package traffic

import (
	"math"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for the chart of the selected figure.
const (
	roomForChart = 16  // lines
	chartBeside  = 150 // cells: beside the figures, not below them
	chartLeast   = 9   // lines of it
)

// figureRow is what the cells of a line are drawn from.
type figureRow struct {
	samples []dhtcore.HistorySample
	minutes int
	s       *dhtcore.Snapshot
	dhtcore.Figure
}

func (r *figureRow) info() *dhtcore.FigureInfo { return &dhtcore.Figures[r.Figure] }

// now is the last value, NaN for none.
func (r *figureRow) now() float64 {
	if len(r.samples) == 0 {
		return math.NaN()
	}
	return float64(r.samples[len(r.samples)-1].Values[r.Figure])
}

// span is the least and the most of the known values; NaN without any.
func (r *figureRow) span() (least, most float64) {
	least, most = math.NaN(), math.NaN()
	for i := range r.samples {
		v := float64(r.samples[i].Values[r.Figure])
		if !(v >= least) && v == v {
			least = v
		}
		if !(v <= most) && v == v {
			most = v
		}
	}
	return least, most
}

// columns are the values over the range as n columns, the newest to the right: of several minutes the most.
func (r *figureRow) columns(n int) []float64 {
	values := make([]float64, n)
	for i := range r.samples {
		ago := r.s.At.Sub(r.samples[i].At).Minutes()
		v := float64(r.samples[i].Values[r.Figure])
		last := n - 1 - int(ago/float64(r.minutes)*float64(n))
		for x := last; x >= max(n-1-int((ago+1)/float64(r.minutes)*float64(n))+1, 0) || x == last && x >= 0; x-- {
			if v > values[x] {
				values[x] = v
			}
		}
	}
	return values
}

var figures = list.Table[figureRow]{List: screen.FigureList, Columns: []list.Column[figureRow]{
	{Title: "figure", About: "What is counted, once a minute; each is explained below.",
		Width: 15, Cell: func(line canvas.Area, sp canvas.Span, r *figureRow) {
			line.Left(sp.X, 0, sp.W, theme.Text, r.info().Name)
		}},
	{Title: "now", About: "The last sample, of the minute that ended last.",
		Width: 10, Right: true, Cell: func(line canvas.Area, sp canvas.Span, r *figureRow) {
			drawValue(line, sp, theme.Text, r.info(), r.now())
		}},
	{Title: "least", About: "The least of all samples shown.",
		Width: 10, Right: true, Drop: 2, Cell: func(line canvas.Area, sp canvas.Span, r *figureRow) {
			least, _ := r.span()
			drawValue(line, sp, theme.Dim, r.info(), least)
		}},
	{Title: "most", About: "The most of all samples shown.",
		Width: 10, Right: true, Drop: 1, Cell: func(line canvas.Area, sp canvas.Span, r *figureRow) {
			_, most := r.span()
			drawValue(line, sp, theme.Dim, r.info(), most)
		}},
	{Title: "over time", About: "The samples, the newest to the right.",
		Width: 8, Grow: 120, Drop: 3, Cell: func(line canvas.Area, sp canvas.Span, r *figureRow) {
			if _, most := r.span(); most != most {
				return
			}
			values := r.columns(line.Values(sp.W))
			line.Sparkline(sp.X, 0, theme.Dim, values, canvas.Highest(values))
		}},
}}

func drawValue(line canvas.Area, sp canvas.Span, role theme.Role, f *dhtcore.FigureInfo, v float64) {
	if v != v {
		role = theme.Dim
	}
	line.Right(sp.X, 0, sp.W, role, valueText(f, v))
}

// valueText writes a value with its unit; a dash for none.
func valueText(f *dhtcore.FigureInfo, v float64) string {
	switch {
	case v != v:
		return "–"
	case f.Unit == "B":
		return shortBytes(v)
	case f.Unit == "B/s":
		return shortBytes(v) + "/s"
	case f.Unit == "":
		return human.Rounded(v)
	case f.Unit == "/s":
		return human.Rate(v) + "/s"
	case f.Unit == "/min":
		return human.Rate(v) + "/min"
	}
	return human.Rate(v) + " " + f.Unit
}

func drawHistory(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	samples, minutes := screen.FigureRange(s)
	r := &figureRow{samples: samples, minutes: minutes, s: s}
	span := "the last " + rangeName(minutes)
	note := human.Amount(len(samples), "sample", "samples") + ", one a minute"
	if len(samples) == 0 {
		note = "the first sample comes 10 s after the start"
	}
	a = a.Heading("history, "+span, note)
	chart := canvas.Area{}
	switch {
	case a.W >= chartBeside && a.H >= roomForChart:
		chart = a.TakeRight(a.W * 55 / 100)
		chart.TakeLeft(2)
	case a.H >= dhtcore.FigureCount+1+chartLeast:
		chart = a.TakeBottom(a.H - dhtcore.FigureCount - 2)
	case a.H >= roomForChart:
		chart = a.TakeBottom(chartLeast)
	}
	figures.Draw(a, st, dhtcore.FigureCount, r, func(r *figureRow, i int) { r.Figure = dhtcore.Figure(i) })
	if chart.H > 0 {
		r.Figure = st.Figure()
		drawFigure(chart, r)
	}
}

func rangeName(minutes int) string {
	switch minutes {
	case 15:
		return "15 minutes"
	case 60:
		return "hour"
	}
	return strconv.Itoa(minutes/60) + " hours"
}

// drawFigure draws one figure as a chart with the marks of warnings, and says how it is measured and what is normal.
func drawFigure(a canvas.Area, r *figureRow) {
	f := r.info()
	least, most := r.span()
	a = a.Heading(f.Name, "now "+valueText(f, r.now())+" · least "+valueText(f, least)+" · most "+valueText(f, most), "now "+valueText(f, r.now()))
	about := f.About + " Normal: " + f.Normal
	words := a.Sub(1, 0, min(a.W-2, 110), 0)
	lines := words.Wrap(0, theme.Text, about) // only measured
	if a.H < lines+2 {
		a.Sub(1, 0, a.W-2, a.H).Wrap(0, theme.Dim, about)
		return
	}
	below := a.TakeBottom(lines)
	below.Sub(1, 0, min(a.W-2, 110), below.H).Wrap(0, theme.Dim, about)
	marks := marksIn(r)
	if len(marks) > 0 && a.H >= 8 {
		drawMarks(a.TakeBottom(min(len(marks), max(a.H/4, 1))), r, marks)
	}
	axis := a.TakeBottom(1)
	a = a.Sub(1, 0, a.W-2, min(a.H, 20))
	columns := r.columns(a.Values(a.W))
	a.Graph(theme.Text, columns, canvas.Highest(columns))
	drawAxis(axis, r, marks)
}

// marksIn are the marks of the time that is shown.
func marksIn(r *figureRow) []dhtcore.Mark {
	marks := r.s.History.Marks
	for len(marks) > 0 && r.s.At.Sub(marks[0].At).Minutes() > float64(r.minutes) {
		marks = marks[1:]
	}
	return marks
}

// drawAxis draws the time below a chart, and where the warnings are.
func drawAxis(axis canvas.Area, r *figureRow, marks []dhtcore.Mark) {
	w := axis.W - 2
	at := func(minutesAgo float64) int { return 1 + w - 1 - int(minutesAgo/float64(r.minutes)*float64(w)) }
	parts := 4
	if r.minutes == 15 {
		parts = 3
	}
	for part := range parts {
		minutes := r.minutes * (parts - part) / parts
		label := "│-" + strconv.Itoa(minutes) + " m"
		if minutes >= 180 {
			label = "│-" + strconv.Itoa(minutes/60) + " h"
		}
		axis.Put(max(at(float64(minutes)), 1), 0, theme.Dim, label)
	}
	axis.Right(0, 0, axis.W-1, theme.Dim, "now")
	for _, m := range marks {
		axis.Set(max(at(r.s.At.Sub(m.At).Minutes()), 1), 0, theme.Warn, theme.Up)
	}
}

// drawMarks lists the newest warnings.
func drawMarks(a canvas.Area, r *figureRow, marks []dhtcore.Mark) {
	for y := range a.H {
		m := &marks[len(marks)-1-y]
		a.Set(1, y, theme.Warn, theme.Up)
		x := a.Put(3, y, theme.Dim, human.Ago(r.s.At.Sub(m.At))) + 2
		if m.N > 1 {
			x = a.Put(x, y, theme.Dim, human.Count(m.N), " times ")
		}
		a.Left(x, y, a.W-x-1, theme.Text, text.Sanitize(m.Text))
	}
}
