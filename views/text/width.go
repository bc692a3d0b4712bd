// Package text measures and cleans the texts of the screens: how wide a text is in terminal cells, what of a text
// from the network may be shown, and how much of an address.
//
// Everything that the network can influence (client versions, torrent names, error strings) passes Clean rune by
// rune before it becomes cells, so that no escape sequence, bidirectional control or zero-width rune reaches a
// terminal. East Asian ambiguous runes count as one cell in every locale, as in the renderer. The functions are
// pure and safe for concurrent use; the Append forms do not allocate.
package text

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis stands for what was cut off.
const Ellipsis = '…'

// Width returns the number of cells that the plain text s takes when sanitised.
func Width(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= 0x20 && c < 0x7f {
			n++
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		_, w := Clean(r)
		n += w
		i += size
	}
	return n
}

// StyledWidth returns the number of cells that s takes, which may contain our own escape sequences.
func StyledWidth(s string) int { return ansi.StringWidth(s) }

// Cut returns s sanitised and at most w cells wide, with an ellipsis in place of what does not fit.
func Cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return Sanitize(s)
	}
	var b strings.Builder
	left := w - 1 // the ellipsis takes one
	for _, r := range s {
		r, n := Clean(r)
		if n > left {
			break
		}
		if n > 0 {
			b.WriteRune(r)
			left -= n
		}
	}
	b.WriteRune(Ellipsis)
	return b.String()
}

// PadRight returns s sanitised, cut or padded on the right to exactly w cells.
func PadRight(s string, w int) string {
	s = Cut(s, w)
	return s + blanks(w-Width(s))
}

// PadLeft returns s sanitised, cut or padded on the left to exactly w cells.
func PadLeft(s string, w int) string {
	s = Cut(s, w)
	return blanks(w-Width(s)) + s
}

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }
