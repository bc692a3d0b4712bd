package screen

import (
	"time"
	"unicode/utf8"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// Replacement is the state of a node that waits in a replacement cache.
const Replacement = "replacement"

// NodeWord is the state of a node.
func NodeWord(n *dhtcore.TableNode, at time.Time) string {
	if n.Replacement {
		return Replacement
	}
	return n.State(at).String()
}

// LookupWord is the state of a lookup.
func LookupWord(lk *dhtcore.LookupState) string {
	switch {
	case lk.Err != "":
		return "failed"
	case lk.Done:
		return "done"
	default:
		return "running"
	}
}

// SoughtWord is what a lookup looks for: peers, an item, or only nodes, to fill the table or to find the closest.
func SoughtWord(lk *dhtcore.LookupState) string {
	switch lk.Method {
	case dhtcore.FindNode:
		return "nodes"
	case dhtcore.Get:
		return "item"
	default:
		return "peers"
	}
}

// RiskWord is the verdict on a lookup, "" before there is one.
func RiskWord(lk *dhtcore.LookupState) string {
	if !lk.Done || lk.Asked == 0 {
		return ""
	}
	return lk.Risk.Level.String()
}

// StepWord is the state of a step.
func StepWord(step *dhtcore.Step) string {
	if step.Late {
		return "late"
	}
	return step.State.String()
}

// appendGlyph appends the glyph that stands beside a state.
func appendGlyph(dst []byte, word string) []byte {
	glyph := theme.InFlight
	switch word {
	case "good", "done", "answered":
		glyph = theme.Answered
	case "questionable", "silent":
		glyph = theme.Silent
	case "bad", "failed", "lied":
		glyph = theme.Lied
	case "late":
		glyph = theme.Late
	case Replacement:
		glyph = theme.Spare
	}
	return utf8.AppendRune(dst, glyph)
}
