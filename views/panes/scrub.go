package panes

import (
	"time"

	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// RoomForScrub is the least height of a screen with a scrub line. Below it the banner alone says when the picture is.
const RoomForScrub = 12

// roomForDate is the least width of the banner of a recording with the date.
const roomForDate = 60

// scrubMarks are the glyphs of what happened; the help explains them.
var scrubMarks = [...]struct {
	glyph rune
	role  theme.Role
}{
	screen.LookupMark:  {theme.InFlight, theme.Text},
	screen.WarningMark: {'!', theme.Warn},
	screen.AlertMark:   {theme.Up, theme.Bad},
}

// DrawPast draws the banner of a screen that shows the past: when that is, and the way on.
func DrawPast(a canvas.Area, p *screen.Past) {
	when := screen.Clock(p.At, p.Last)
	switch {
	case p.Recording && a.W >= roomForDate:
		when = p.At.Format(time.DateTime)
	case p.Recording:
		when = p.At.Format(time.TimeOnly)
	}
	x := a.Put(1, 0, theme.Warn, when)
	rest := a.Sub(x, 0, a.W-x-1, 1)
	for _, says := range pastBanner(p) {
		if text.Width(says) <= rest.W {
			rest.Put(0, 0, theme.Dim, says)
			return
		}
	}
}

// pastBanner is what the banner says after the time, the longest form first.
func pastBanner(p *screen.Past) []string {
	step := ""
	if p.Step > 0 {
		step = " by " + human.Age(p.Step)
	}
	if p.Waiting {
		return []string{"  one moment, the past is unpacked", "  one moment"}
	}
	if !p.Recording {
		ago := "  " + human.Ago(p.Ago)
		return []string{
			ago + " (the node keeps running).  { } move" + step + ", @ goes to a time, space returns to now",
			ago + ".  { } move" + step + ", space returns to now",
			ago + ".  space returns to now",
			ago,
		}
	}
	state, next := "  paused", "space plays"
	switch {
	case p.Playing && p.Ended():
		state, next = "  the end, so far", "space pauses"
	case p.Playing:
		state, next = "  playing", "space pauses"
		if p.Speed != 1 {
			state += " " + screen.Times(p.Speed)
		}
	case p.Ended():
		state, next = "  the end of the recording", ""
	}
	moves := "{ } move" + step
	if next != "" {
		moves = ", " + moves
	}
	return []string{
		state + ".  " + next + moves + ", @ goes to a time, + - change the speed",
		state + ".  " + next + moves,
		state + ".  " + next,
		state,
	}
}

// DrawScrub draws all that was kept as a line, with the place of the picture and what happened when. A click on it goes
// there.
func DrawScrub(a canvas.Area, p *screen.Past) {
	layout := time.TimeOnly
	if p.First.Format(time.DateOnly) != p.Last.Format(time.DateOnly) {
		layout = "01-02 15:04"
	}
	first, last := p.First.Format(layout), p.Last.Format(layout)
	a.TakeLeft(1)
	left, right := a.TakeLeft(text.Width(first)+1), a.TakeRight(text.Width(last)+1)
	a.TakeRight(1)
	left.Put(0, 0, theme.Dim, first)
	right.Put(0, 0, theme.Dim, last)
	a.Slides()
	a.Fill(0, 0, a.W, theme.Rule, '─')
	shown := make([]screen.MarkKind, max(a.W, 0))
	for i := range p.Marks {
		if m := &p.Marks[i]; !m.At.Before(p.First) && !m.At.After(p.Last) && a.W > 0 {
			x := p.Place(m.At, a.W)
			shown[x] = max(shown[x], m.Kind)
		}
	}
	for x, kind := range shown {
		if kind > 0 {
			a.Set(x, 0, scrubMarks[kind].role, scrubMarks[kind].glyph)
		}
	}
	a.Set(p.Place(p.At, a.W), 0, theme.Accent, theme.Full)
}
