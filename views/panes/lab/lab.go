package lab

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/events"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

const (
	roomForTwo   = 78 // cells: the sections in two columns
	betweenThem  = 1
	columnMost   = 100 // cells of a column
	roomForTitle = 14  // lines: the explanation has a title
	roomForLog   = 6   // lines left over: what happens now
)

// left and right are the sections of the two columns; in one column the right ones are below the left ones.
var (
	left  = []screen.LabSection{screen.KnobSection, screen.IncidentSection, screen.TruthSection}
	right = []screen.LabSection{screen.ScenarioSection, screen.VerdictSection}
)

// Draw draws the lab: the knobs, the incidents, the truth, the scenarios and their verdicts, and below them what the
// selected row means.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if s.Lab == nil {
		drawNone(a.Heading("lab", "off"))
		return
	}
	a = a.Heading("lab", notes(s.Lab)...)
	p := pane{s: s, lab: s.Lab, st: st, selected: st.LabRow(s.Lab)}
	columns, width := [][]screen.LabSection{left, right}, min((a.W-betweenThem)/2, columnMost)
	if a.W < roomForTwo {
		columns, width = [][]screen.LabSection{slices.Concat(left, right)}, a.W
	}
	p.drawBelow(&a, columns)
	list := a
	for _, sections := range columns {
		p.draw(list.TakeLeft(width), sections)
		list.TakeLeft(betweenThem)
	}
	a.Shows(uint8(screen.LabList), a.H)
}

// height is how many lines the columns need.
func (p *pane) height(columns [][]screen.LabSection, gaps bool) (most int) {
	for _, sections := range columns {
		most = max(most, len(p.lines(sections, gaps)))
	}
	return most
}

// drawBelow draws what is below the columns, and leaves the area of these: what the selected row means, and the truth
// in a line where the columns have no room for all, or the log where more is left.
func (p *pane) drawBelow(a *canvas.Area, columns [][]screen.LabSection) {
	about, loose := aboutLines(*a), p.height(columns, true)+1
	switch {
	case p.height(columns, false) > a.H-about:
		p.drawAbout(a.TakeBottom(about))
		p.drawTruthLine(a.TakeBottom(1))
	case a.H-about-loose < roomForLog:
		p.drawAbout(a.TakeBottom(about))
	default:
		below := a.TakeBottom(a.H - loose)
		p.drawAbout(below.TakeTop(about))
		events.DrawLog(below.Heading("now"), p.s, p.st)
	}
}

// notes say what has been done to the network, in many words and in few.
func notes(l *dhtcore.LabState) []string {
	if screen.LabRunning(l) {
		ran := long(l.Running)
		note := l.Scenario + " · " + ran
		if l.Next == "" {
			return []string{note, ran}
		}
		return []string{note + " · in " + long(l.NextIn) + ": " + l.Next, note, ran}
	}
	if !screen.LabAltered(l) {
		return []string{"all as at the start"}
	}
	var note string
	for _, part := range [...]struct {
		n         int
		one, many string
	}{
		{screen.Turned(l), "knob turned", "knobs turned"},
		{len(l.Incidents), "incident", "incidents"},
		{len(l.Faults), "fault of links", "faults of links"},
	} {
		if part.n == 0 {
			continue
		}
		if note != "" {
			note += " · "
		}
		note += human.Amount(part.n, part.one, part.many)
	}
	return []string{note + " · x undoes all", note}
}

// pane is what is drawn.
type pane struct {
	s        *dhtcore.Snapshot
	lab      *dhtcore.LabState
	st       *screen.State
	selected screen.LabRow
}

// line is a line of a column: the title of a section, a row of it, or a gap before a title.
type line struct {
	section screen.LabSection
	row     int // of the section; heading or gap
}

const (
	heading = -1
	gap     = -2
)

// draw draws sections below each other. Where there is no room for all, those around the selected row are drawn.
func (p *pane) draw(a canvas.Area, sections []screen.LabSection) {
	lines := p.lines(sections, true)
	if len(lines) > a.H {
		lines = p.lines(sections, false)
	}
	at := 0
	for i, l := range lines {
		if l == (line{p.selected.Section, p.selected.I}) {
			at = i
		}
	}
	top := max(min(at-a.H/2, len(lines)-a.H), 0)
	for y, l := range lines[top:min(top+a.H, len(lines))] {
		if l.row == heading && y == a.H-1 { // of nothing
			break
		}
		switch l.row {
		case gap:
		case heading:
			p.drawHeading(a.Row(y), l.section)
		default:
			p.drawRow(a.Row(y), l)
		}
	}
}

func (p *pane) lines(sections []screen.LabSection, gaps bool) (lines []line) {
	for i, section := range sections {
		n := screen.LabLength(p.lab, section)
		if n == 0 {
			continue
		}
		if gaps && i > 0 {
			lines = append(lines, line{section, gap})
		}
		lines = append(lines, line{section, heading})
		for row := range n {
			lines = append(lines, line{section, row})
		}
	}
	return lines
}

// drawRow draws a row, marked if it is selected.
func (p *pane) drawRow(a canvas.Area, l line) {
	selected, row := -1, screen.LabStart(p.lab, l.section)+l.row
	if p.st.Focus() == screen.LabList && p.selected == (screen.LabRow{Section: l.section, I: l.row}) {
		selected = row
	}
	a.Rows(uint8(screen.LabList), row+1, row, selected, theme.Selected, func(a canvas.Area, _ int) {
		sections[l.section].row(p, a, l.row)
	})
}

// sections are how the sections are drawn.
var sections = [screen.LabSections]struct {
	title string
	note  func(*pane) string // beside the title; nil for none
	row   func(p *pane, a canvas.Area, row int)
	about func(p *pane, row int) explanation
}{
	screen.KnobSection:     {"conditions", nil, drawKnob, aboutKnob},
	screen.IncidentSection: {"incidents", nil, drawIncident, aboutIncident},
	screen.TruthSection:    {"the truth", nil, drawTruth, aboutTruth},
	screen.ScenarioSection: {"scenarios", nil, drawScenario, aboutScenario},
	screen.VerdictSection:  {"verdicts", verdictNote, drawVerdict, aboutVerdict},
}

func (p *pane) drawHeading(a canvas.Area, section screen.LabSection) {
	note := ""
	if say := sections[section].note; say != nil {
		note = say(p)
	}
	a.Heading(sections[section].title, note)
}

// drawNone says what the lab is and where.
func drawNone(a canvas.Area) {
	a.Teach("The lab belongs to the demo: run dhtop demo --lab.",
		"There it turns the knobs of the embedded network: loss, delay, dead nodes, churn, partitions. It besieges a hash, "+
			"floods our node, and runs scenarios with verdicts. The other panes show what that does.",
		"Nobody can do that to the real network.")
}
