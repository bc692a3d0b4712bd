package lab

import (
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// scenarioMost is how many cells a scenario takes: its time is read with its name.
const scenarioMost = 56

// The columns of the verdicts, in cells.
const (
	verdictWordW    = 8
	verdictAt       = wordAt + verdictWordW
	verdictMeasureW = 20 // at most
	verdictRest     = 16 // what was measured and what is expected, at least
)

// drawScenario draws a scenario: how long it takes, how far it is, or what came out.
func drawScenario(p *pane, a canvas.Area, row int) {
	sc := &p.lab.Scenarios[row]
	glyph, role, says := ' ', theme.Dim, long(sc.For)
	name := theme.Text
	if sc.Name == p.lab.Scenario {
		passed := 0
		for i := range p.lab.Verdicts {
			if p.lab.Verdicts[i].OK {
				passed++
			}
		}
		of := human.Count(passed) + " of " + human.Count(len(p.lab.Verdicts)) + " ok"
		switch {
		case !p.lab.Done:
			glyph, name, role = theme.Answered, theme.Warn, theme.Warn
			says = long(p.lab.Running) + " of " + long(sc.For)
		case passed == len(p.lab.Verdicts):
			glyph, role, says = theme.Answered, theme.Good, of
		default:
			glyph, role, says = theme.Lied, theme.Bad, of
		}
	}
	a.Set(glyphAt, 0, role, glyph)
	w := min(a.W-wordAt-1, scenarioMost)
	a.Right(wordAt, 0, w, role, says)
	a.Left(wordAt, 0, w-len(says)-1, name, sc.Name)
}

func aboutScenario(p *pane, row int) explanation {
	sc := &p.lab.Scenarios[row]
	e := explanation{title: sc.Name, text: sc.About, keys: "enter runs it: " + long(sc.For)}
	if sc.Name == p.lab.Scenario && !p.lab.Done {
		e.keys = "enter stops it"
		if p.lab.Next != "" {
			e.watch = "in " + long(p.lab.NextIn) + ": " + p.lab.Next
		}
	}
	return e
}

// long writes a time with two units, as in "1 m 15 s".
func long(d time.Duration) string {
	if d < time.Second {
		return "0 s"
	}
	words := human.Age(d)
	if part := d % time.Minute / time.Second; d >= time.Minute && d < time.Hour && part > 0 {
		words += " " + human.Age(part*time.Second)
	}
	return words
}

// verdict is the glyph, colour and word for what became of an expectation. It is not final while the scenario runs.
func (p *pane) verdict(v *dhtcore.ScenarioVerdict) (rune, theme.Role, string) {
	switch {
	case v.OK:
		return theme.Answered, theme.Good, "ok"
	case p.lab.Done:
		return theme.Lied, theme.Bad, "failed"
	default:
		return theme.Silent, theme.Warn, "not yet"
	}
}

func verdictNote(p *pane) string {
	if p.lab.Done {
		return p.lab.Scenario
	}
	return p.lab.Scenario + ", so far"
}

func drawVerdict(p *pane, a canvas.Area, row int) {
	v := &p.lab.Verdicts[row]
	glyph, role, word := p.verdict(v)
	a.Set(glyphAt, 0, role, glyph)
	a.Put(wordAt, 0, role, word)
	rest := verdictAt + min(verdictMeasureW, a.W-verdictAt-verdictRest) + 1
	a.Left(verdictAt, 0, rest-verdictAt-1, theme.Text, plain(v.Measure))
	f := canvas.Flow{Area: a.Sub(rest, 0, a.W-rest-1, 1), Gap: 2}
	f.Say(canvas.Text(got(v)))
	f.Say(canvas.Dim(wanted(v)))
}

// wanted is what is expected, as a bound or as a word.
func wanted(v *dhtcore.ScenarioVerdict) string {
	if strings.ContainsAny(v.Want, "<>=") {
		return v.Want
	}
	return "want " + v.Want
}

// got is what was measured.
func got(v *dhtcore.ScenarioVerdict) string {
	if v.Got == "" {
		return unmeasured
	}
	if number, err := strconv.ParseFloat(v.Got, 64); err == nil && len(v.Got) > exactDigits {
		return human.Ratio(number)
	}
	return v.Got
}

// exactDigits is how long a number is that is written in full.
const exactDigits = 5

// plain is the name of a measurement as people write it.
func plain(measure string) string { return strings.ReplaceAll(measure, "_", " ") }

func aboutVerdict(p *pane, row int) explanation {
	v := &p.lab.Verdicts[row]
	_, _, word := p.verdict(v)
	return explanation{title: plain(v.Measure) + ": " + word, text: dhtcore.MeasureHelp(v.Measure), keys: "expected " + v.Want + ", measured " + got(v)}
}
