package lookups

import (
	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// Style is the glyph, colour and word for the state of a lookup.
func Style(lk *dhtcore.LookupState) (rune, theme.Role, string) {
	switch {
	case lk.Err != "":
		return theme.Lied, theme.Bad, screen.LookupWord(lk)
	case lk.Done:
		return theme.Answered, theme.Good, screen.LookupWord(lk)
	default:
		return theme.InFlight, theme.Text, screen.LookupWord(lk)
	}
}

// stepStyle is the glyph, colour and word for the state of a step.
func stepStyle(step *dhtcore.Step) (rune, theme.Role, string) {
	word := screen.StepWord(step)
	switch {
	case step.Late:
		return theme.Late, theme.Good, word
	case step.State == dhtcore.Replied:
		return theme.Answered, theme.Good, word
	case step.State == dhtcore.TimedOut:
		return theme.Silent, theme.Dim, word
	case step.State == dhtcore.Lied:
		return theme.Lied, theme.Bad, word
	default:
		return theme.InFlight, theme.Text, word
	}
}

// RiskStyle is the colour and word of the verdict on a lookup; a dash before there is one.
func RiskStyle(lk *dhtcore.LookupState) (theme.Role, string) {
	switch word := screen.RiskWord(lk); {
	case word == "":
		return theme.Dim, "–"
	case lk.Risk.Level == dhtcore.LowRisk:
		return theme.Good, word
	case lk.Risk.Level == dhtcore.MediumRisk:
		return theme.Warn, word
	default:
		return theme.Bad, word
	}
}
