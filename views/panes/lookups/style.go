package lookups

import (
	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// seeks is what a lookup looks for: peers, an item, or only nodes, to fill the table or to find the
// closest.
func seeks(lk *dhtcore.LookupState) string {
	switch lk.Method {
	case dhtcore.FindNode:
		return "nodes"
	case dhtcore.Get:
		return "item"
	default:
		return "peers"
	}
}

// Style is the glyph, colour and word for the state of a lookup.
func Style(lk *dhtcore.LookupState) (rune, theme.Role, string) {
	switch {
	case lk.Err != "":
		return theme.Lied, theme.Bad, "failed"
	case lk.Done:
		return theme.Answered, theme.Good, "done"
	default:
		return theme.InFlight, theme.Text, "running"
	}
}

// stepStyle is the glyph, colour and word for the state of a step.
func stepStyle(step *dhtcore.Step) (rune, theme.Role, string) {
	switch {
	case step.Late:
		return theme.Late, theme.Good, "late"
	case step.State == dhtcore.Replied:
		return theme.Answered, theme.Good, step.State.String()
	case step.State == dhtcore.TimedOut:
		return theme.Silent, theme.Dim, step.State.String()
	case step.State == dhtcore.Lied:
		return theme.Lied, theme.Bad, step.State.String()
	default:
		return theme.InFlight, theme.Text, step.State.String()
	}
}

// RiskStyle is the colour and word of the verdict on a lookup; a dash before there is one.
func RiskStyle(lk *dhtcore.LookupState) (theme.Role, string) {
	switch {
	case !lk.Done || lk.Asked == 0:
		return theme.Dim, "–"
	case lk.Risk.Level == dhtcore.LowRisk:
		return theme.Good, lk.Risk.Level.String()
	case lk.Risk.Level == dhtcore.MediumRisk:
		return theme.Warn, lk.Risk.Level.String()
	default:
		return theme.Bad, lk.Risk.Level.String()
	}
}
