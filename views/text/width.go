// Package text is the one ruler of the screens: how wide a text is in terminal cells, what of a
// text from the network may be shown, and how numbers, times and addresses are put into words.
//
// Everything that the network can influence (client versions, torrent names, error strings) passes
// Clean rune by rune before it becomes cells, so that no escape sequence, bidirectional control or
// zero-width rune reaches a terminal. Widths count East Asian ambiguous runes as one cell, as the
// renderer does and whatever the locale says. Pure functions, safe for concurrent use; the Append
// forms do not allocate.
package text

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis stands for what was cut off.
const Ellipsis = '…'

// Width is the number of cells that the plain text s takes once it is sanitised.
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

// StyledWidth is the number of cells that s takes when it holds our own escape sequences.
func StyledWidth(s string) int { return ansi.StringWidth(s) }

// Cut returns s sanitised and at most w cells wide; what does not fit gives way to an ellipsis.
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

// PadRight returns s sanitised, cut and filled up with spaces to exactly w cells, text to the left.
func PadRight(s string, w int) string {
	s = Cut(s, w)
	return s + blanks(w-Width(s))
}

// PadLeft returns s sanitised, cut and filled up with spaces to exactly w cells, text to the right.
func PadLeft(s string, w int) string {
	s = Cut(s, w)
	return blanks(w-Width(s)) + s
}

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }
