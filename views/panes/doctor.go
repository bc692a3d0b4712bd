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
}{
	dhtcore.VerdictOK:      {theme.Answered, theme.Good},
	dhtcore.VerdictWaiting: {theme.Silent, theme.Warn},
	dhtcore.VerdictFail:    {theme.Lied, theme.Bad},
}

// The columns of the doctor's findings, in cells.
const (
	findingVerdict = 11
	findingText    = 21
)

// DrawDoctor draws the findings, and below them the notices and the warnings of the log. It scrolls when too long.
func DrawDoctor(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	loose := a.H > looseFrom
	notes := []string{"passive: sends nothing · esc closes", "esc closes"}
	a.Viewport(st.Scroll, canvas.MostLines, "the doctor: why is it quiet?", notes, func(a canvas.Area) int {
		f := &canvas.Facts{Area: a}
		writeWeather(f, s)
		findings := dhtcore.Diagnose(s)
		if st.Terminal.Width > 0 {
			findings = append(findings, st.Terminal.Finding())
		}
		writeFindings(f, findings, loose)
		writeNotices(f, s)
		writeWarnings(f, s, st)
		return min(f.Y, a.H)
	})
}

// writeWeather explains the word beside the phase in the status bar.
func writeWeather(f *canvas.Facts, s *dhtcore.Snapshot) {
	word, role, says := s.Phase.String(), theme.Warn, dhtcore.ExplainWeather(s)
	if w := dhtcore.WeatherOf(s); w != dhtcore.NoWeather {
		word, role = w.String(), weatherRoles[w]
	}
	f.Area.Put(2, f.Y, theme.Title, "weather")
	f.Area.Put(findingVerdict, f.Y, role, word)
	f.Y += max(f.Area.Sub(findingText, f.Y, f.Area.W-findingText-1, f.Area.H-f.Y).Wrap(0, theme.Text, says), 1)
}

// looseFrom is the number of lines above which the findings stand apart.
const looseFrom = 32

// writeFindings lists the findings, the worst first: name, verdict, text and remedy.
func writeFindings(f *canvas.Facts, all []dhtcore.Finding, loose bool) {
	slices.SortStableFunc(all, func(f, g dhtcore.Finding) int { return int(g.Verdict) - int(f.Verdict) })
	for i, found := range all {
		if loose && i > 0 {
			f.Y++
		}
		v := verdicts[found.Verdict]
		f.Area.Put(2, f.Y, theme.Title, found.Name)
		f.Area.Set(findingVerdict, f.Y, v.role, v.glyph)
		f.Area.Put(findingVerdict+2, f.Y, v.role, found.Verdict.String())
		says := f.Area.Sub(findingText, f.Y, f.Area.W-findingText-1, f.Area.H-f.Y)
		n := says.Wrap(0, theme.Text, found.Text)
		if found.Remedy != "" {
			n += says.Sub(0, n, says.W, says.H-n).Wrap(0, theme.Dim, "→ "+found.Remedy)
		}
		f.Y += max(n, 1)
	}
}

// writeNotices lists all notices; the line at the top has room for the first alone.
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

// writeWarnings lists the warnings of the log, the newest first.
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
