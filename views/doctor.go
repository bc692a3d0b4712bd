package views

import (
	"slices"

	"dhtop/dhtcore"
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

// drawDoctor draws the findings, and below them what is wrong now and what the log has warned of; it scrolls
// when too long.
func drawDoctor(a area, s *dhtcore.Snapshot, st *State) {
	loose := a.h > looseFrom
	notes := []string{"from what is seen, nothing is sent · esc closes", "esc closes"}
	a.page(st.Scroll, pageMost, "the doctor: why is it quiet?", notes, func(a area) int {
		f := &facts{a: a}
		f.findings(dhtcore.Diagnose(s), loose)
		f.notices(s)
		f.warnings(s, st)
		return min(f.y, a.h)
	})
}

// looseFrom is the number of lines above which the findings stand apart.
const looseFrom = 16

// findings lists what was found, the worst first: the name, the verdict, what is the case and what helps.
func (f *facts) findings(all []dhtcore.Finding, loose bool) {
	slices.SortStableFunc(all, func(f, g dhtcore.Finding) int { return int(g.Verdict) - int(f.Verdict) })
	for i, found := range all {
		if loose && i > 0 {
			f.y++
		}
		v := verdicts[found.Verdict]
		f.a.put(2, f.y, theme.Title, found.Name)
		f.a.set(findingVerdict, f.y, v.role, v.glyph)
		f.a.put(findingVerdict+2, f.y, v.role, v.word)
		says := f.a.sub(findingSays, f.y, f.a.w-findingSays-1, f.a.h-f.y)
		n := says.wrap(0, theme.Text, found.Text)
		if found.Remedy != "" {
			n += says.sub(0, n, says.w, says.h-n).wrap(0, theme.Dim, "→ "+found.Remedy)
		}
		f.y += max(n, 1)
	}
}

// notices lists all that is wrong or needs patience now; the line at the top has room for the first alone.
func (f *facts) notices(s *dhtcore.Snapshot) {
	if len(s.Notices) == 0 {
		return
	}
	f.section("what is wrong now")
	for _, notice := range s.Notices {
		f.a.put(2, f.y, theme.Warn, "!")
		f.y += max(f.a.sub(4, f.y, f.a.w-5, f.a.h-f.y).wrap(0, theme.Text, notice), 1)
	}
}

// warnings lists what the log has warned of, the newest first.
func (f *facts) warnings(s *dhtcore.Snapshot, st *State) {
	if len(s.Warnings) == 0 {
		return
	}
	f.section("warnings")
	for i := range s.Warnings {
		drawEvent(f.a.row(f.y), &s.Warnings[len(s.Warnings)-1-i], st.logPrivacy(s))
		f.y++
	}
}
