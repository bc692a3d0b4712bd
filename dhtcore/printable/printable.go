// Package printable makes text from strangers safe to store, log and show: torrent names, client
// versions, errors that quote a packet or a file. Everything that stores or prints such text passes it
// through here, because a terminal obeys escape sequences and a reader believes reversed text.
//
// String and Cut keep every script. ASCII keeps less, for short codes that are compared and counted.
// views/text builds on Rune and keeps less as well: it measures cells, so it drops the marks and joiners
// whose width terminals do not agree on. The functions are pure and safe for concurrent use.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rune returns what may stand for r: a space for white space, r itself when it is visible, U+FFFD for control
// characters (without ESC an escape sequence is only letters) and bidirectional controls, which forge file
// names (CVE-2021-42574), and -1, as strings.Map takes it, for other invisible runes, which are left out.
func Rune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsPrint(r):
		return r
	case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Bidi_Control, r):
		return -1
	}
	return unicode.ReplacementChar
}

// String returns s with every rune passed through Rune and invalid UTF-8 replaced by U+FFFD.
func String(s string) string { return strings.Map(Rune, s) }

// Cut is String for text of any length: the result holds at most n bytes and ends with a whole rune.
func Cut(text []byte, n int) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if r = Rune(r); r < 0 {
			continue
		}
		if b.Len()+utf8.RuneLen(r) > n {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ASCII returns s with every rune but visible ASCII replaced by "?", so that it has one cell a rune and no
// spaces.
func ASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '!' || r > '~' {
			return '?'
		}
		return r
	}, s)
}
