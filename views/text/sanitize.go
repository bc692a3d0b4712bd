package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"dhtop/dhtcore/printable"
)

// Replacement marks a rune that was removed because it could do harm.
const Replacement = '�'

// ruler measures single runes. Ambiguous runes count one cell, as in charmbracelet/x/ansi, which
// lays out the frame.
var ruler = runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

// Clean returns the rune to show for a rune of foreign text, and its width in cells: 1, 2, or 0 for a rune that
// must be left out.
//
// White space becomes a space. Control characters, bidirectional controls and runes without an agreed look
// become Replacement, so that a reader sees that something was there; without ESC, an escape sequence is only
// letters. Zero-width runes, combining marks and modifiers are left out: cell counts must not depend on which
// runes a terminal joins.
func Clean(r rune) (rune, int) {
	if r >= 0x20 && r < 0x7f {
		return r, 1
	}
	switch {
	case r == 0x0e33, r == 0x0eb3: // Thai and Lao AM: keep the vowel, lose its mark like all marks
		return r - 1, 1
	case joins(r):
		return 0, 0
	case unicode.Is(disputed, r):
		return Replacement, 1
	}
	if r = printable.Rune(r); r < 0 {
		return 0, 0
	}
	w := ruler.RuneWidth(r)
	if w <= 0 {
		return 0, 0
	}
	return r, w
}

// joins reports whether r shows nothing by itself or joins its neighbour.
func joins(r rune) bool { return unicode.In(r, unicode.M, joining) }

// joining holds what joins beyond the categories M and Cf; printable.Rune leaves out the latter.
var joining = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0d4e, Hi: 0x0d4e, Stride: 1}, // Malayalam: sits on the next letter
		{Lo: 0x1100, Hi: 0x11ff, Stride: 1}, // Hangul in pieces
		{Lo: 0x2800, Hi: 0x2800, Stride: 1}, // blank braille
		{Lo: 0x3164, Hi: 0x3164, Stride: 1}, // blank Hangul
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1}, // Hangul in pieces
		{Lo: 0xd7b0, Hi: 0xd7ff, Stride: 1}, // Hangul in pieces
		{Lo: 0xff9e, Hi: 0xffa0, Stride: 1}, // half-width marks and blank
	},
	R32: []unicode.Range32{
		{Lo: 0x111c2, Hi: 0x111c3, Stride: 1}, // signs that sit on the next letter, up to 0x11f02
		{Lo: 0x1193f, Hi: 0x11941, Stride: 1},
		{Lo: 0x11a84, Hi: 0x11a89, Stride: 1},
		{Lo: 0x11d46, Hi: 0x11d46, Stride: 1},
		{Lo: 0x11f02, Hi: 0x11f02, Stride: 1},
		{Lo: 0x1f1e6, Hi: 0x1f1ff, Stride: 1}, // regional indicators: a pair makes a flag
		{Lo: 0x1f3fb, Hi: 0x1f3ff, Stride: 1}, // skin tones
		{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1}, // tags
	},
}

// disputed holds symbols that Unicode 16 made wide: terminals and libraries do not agree yet.
var disputed = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x2630, Hi: 0x2637, Stride: 1},
		{Lo: 0x268a, Hi: 0x268f, Stride: 1},
		{Lo: 0x4dc0, Hi: 0x4dff, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1d300, Hi: 0x1d376, Stride: 1}},
}

// Sanitize returns s as it may be printed: every rune passed through Clean, invalid UTF-8 replaced.
func Sanitize(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r, w := Clean(r); w > 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}
