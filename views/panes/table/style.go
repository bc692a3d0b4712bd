package table

import (
	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

func shortFamily(n *dhtcore.TableNode) string {
	if dhtcore.FamilyOf(n.Addr.Addr()) == dhtcore.IPv4 {
		return "v4"
	}
	return "v6"
}

func securityStyle(verdict dhtcore.Security) theme.Role {
	switch verdict {
	case dhtcore.ValidID:
		return theme.Good
	case dhtcore.WrongID:
		return theme.Warn
	default:
		return theme.Dim
	}
}

// nodeStyle is the glyph and colour of a node's standing.
func nodeStyle(n *dhtcore.TableNode, s *dhtcore.Snapshot) (glyph rune, role theme.Role, word string) {
	if word = screen.NodeWord(n, s.At); n.Replacement {
		return theme.Spare, theme.Dim, word
	}
	switch n.State(s.At) {
	case dhtcore.Good:
		glyph, role = theme.Answered, theme.Good
	case dhtcore.Questionable:
		glyph, role = theme.Silent, theme.Warn
	default:
		glyph, role = theme.Lied, theme.Bad
	}
	return glyph, role, word
}
