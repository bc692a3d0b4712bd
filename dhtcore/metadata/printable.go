package metadata

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the longest name or path that is kept, in bytes: twice what file systems allow for a name.
const maxText = 512

// printable returns text of a stranger as it may be stored and printed, cut to maxText bytes: white
// space is a space, what is invisible is left out, and control characters (with ESC gone, an escape
// sequence is but letters), bidirectional controls and what is not UTF-8 are U+FFFD.
func printable(text []byte) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case unicode.IsPrint(r):
		case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Bidi_Control, r):
			continue
		default:
			r = utf8.RuneError
		}
		if b.Len()+utf8.RuneLen(r) > maxText {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
