package panes

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/events"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// verdicts is how the doctor's verdicts look.
var verdicts = [...]struct {
	glyph rune
	role  theme.Role
	word  string
}{
	dhtcore.VerdictOK:      {theme.Answered, theme.Good, "well"},
	dhtcore.VerdictWaiting: {theme.Silent, theme.Warn, "wait"},
	dhtcore.VerdictFail:    {theme.Lied, theme.Bad, "ill"},
}

// The columns of the doctor's findings, in cells.
const (
	findingVerdict = 12
	findingSays    = 20
)

// DrawDoctor draws the findings, and below them what is wrong now and what the log has warned of; it scrolls
// when too long.
func DrawDoctor(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	loose := a.H > looseFrom
	notes := []string{"from what is seen, nothing is sent · esc closes", "esc closes"}
	a.Viewport(st.Scroll, canvas.MostLines, "the doctor: why is it quiet?", notes, func(a canvas.Area) int {
		f := &canvas.Facts{Area: a}
		writeFindings(f, dhtcore.Diagnose(s), loose)
		writeNotices(f, s)
		writeWarnings(f, s, st)
		return min(f.Y, a.H)
	})
}

// looseFrom is the number of lines above which the findings stand apart.
const looseFrom = 16

// writeFindings lists what was found, the worst first: the name, the verdict, what is the case and what helps.
func writeFindings(f *canvas.Facts, all []dhtcore.Finding, loose bool) {
	slices.SortStableFunc(all, func(f, g dhtcore.Finding) int { return int(g.Verdict) - int(f.Verdict) })
	for i, found := range all {
		if loose && i > 0 {
			f.Y++
		}
		v := verdicts[found.Verdict]
		f.Area.Put(2, f.Y, theme.Title, found.Name)
		f.Area.Set(findingVerdict, f.Y, v.role, v.glyph)
		f.Area.Put(findingVerdict+2, f.Y, v.role, v.word)
		says := f.Area.Sub(findingSays, f.Y, f.Area.W-findingSays-1, f.Area.H-f.Y)
		n := says.Wrap(0, theme.Text, found.Text)
		if found.Remedy != "" {
			n += says.Sub(0, n, says.W, says.H-n).Wrap(0, theme.Dim, "→ "+found.Remedy)
		}
		f.Y += max(n, 1)
	}
}

// writeNotices lists all that is wrong or needs patience now; the line at the top has room for the first alone.
func writeNotices(f *canvas.Facts, s *dhtcore.Snapshot) {
	if len(s.Notices) == 0 {
		return
	}
	f.Section("what is wrong now")
	for _, notice := range s.Notices {
		f.Area.Put(2, f.Y, theme.Warn, "!")
		f.Y += max(f.Area.Sub(4, f.Y, f.Area.W-5, f.Area.H-f.Y).Wrap(0, theme.Text, notice), 1)
	}
}

// writeWarnings lists what the log has warned of, the newest first.
func writeWarnings(f *canvas.Facts, s *dhtcore.Snapshot, st *screen.State) {
	if len(s.Warnings) == 0 {
		return
	}
	f.Section("warnings")
	for i := range s.Warnings {
		events.DrawLine(f.Area.Row(f.Y), &s.Warnings[len(s.Warnings)-1-i], st.LogPrivacy(s))
		f.Y++
	}
}
