// Package text measures and cleans the texts of the screens: how wide a text is in terminal cells, what of a text
// from the network may be shown, and how much of an address.
//
// Everything that the network can influence (client versions, torrent names, error strings) passes Sanitize before
// it becomes cells, so that no escape sequence and no bidirectional control reaches a terminal. Text keeps its
// grapheme clusters: letters with their marks, syllables, emoji sequences, flags. Each has the width that x/ansi
// gives it; East Asian ambiguous runes count as one cell in every locale. The functions are pure and safe for
// concurrent use; the Append forms do not allocate, nor does what handles ASCII.
package text

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis stands for what was cut off.
const Ellipsis = '…'

// Width returns the number of cells that the plain text s takes when sanitised.
func Width(s string) int {
	n := 0
	for len(s) > 0 {
		_, w, size := Lone(s)
		if size == 0 {
			return n + clusterWidth(SanitizeCopy(s))
		}
		n += w
		s = s[size:]
	}
	return n
}

// clusterWidth is Width for sanitised text.
func clusterWidth(s string) (n int) {
	for len(s) > 0 {
		size, w := Cluster(s)
		n += w
		s = s[size:]
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
	s = Sanitize(s)
	if Width(s) <= w {
		return s
	}
	return s[:Fitting(s, w-1)] + string(Ellipsis)
}

// Fitting returns how many bytes of sanitised text fit into w cells, in whole clusters.
func Fitting(s string, w int) (n int) {
	for n < len(s) {
		size, width := Step(s[n:])
		if w -= width; w < 0 {
			break
		}
		n += size
	}
	return n
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
