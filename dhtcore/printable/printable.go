// Package printable makes text from strangers safe to store, log and show: torrent names, client
// versions, errors that quote a packet or a file. Everything that stores or prints such text passes it
// through here, because a terminal obeys escape sequences and a reader believes reversed text.
//
// String, Lines and Cut keep every script as it was written, composed or decomposed, with the joiners that it needs.
// ASCII keeps less, for short codes that are compared and counted. views/text builds on String and measures what is
// left. The functions are pure and safe for concurrent use.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The joiners between letters or emoji.
const (
	zwnj = '\u200c'
	zwj  = '\u200d'
)

// String returns s as it may be printed. White space becomes a space. Control characters (without ESC an escape
// sequence is only letters), bidirectional controls, which forge file names (CVE-2021-42574), noncharacters and
// invalid UTF-8 become U+FFFD. Other format characters are left out, but for the joiners where they join and the
// tags of a flag. It returns s itself, without an allocation, if nothing changes.
func String(s string) string { return replace(s, false) }

// Copy is String into a string of its own.
func Copy(s string) string {
	if s == "" {
		return ""
	}
	sc := scanner{prev: ' '}
	r, size, _ := sc.next(s)
	return sc.rest(s, 0, r, size)
}

// Lines is String for a text of several lines: line ends stay.
func Lines(s string) string { return replace(s, true) }

// Cut is String for text of any length: the result holds at most n bytes and ends with a whole rune.
func Cut(text []byte, n int) string {
	s := String(string(text))
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(String(s[:n])) // no joiner is left at the end
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

// replace returns s with every rune replaced; line ends stay if lines is set.
func replace(s string, lines bool) string {
	sc := scanner{prev: ' ', lines: lines}
	for i := 0; i < len(s); {
		r, size, same := sc.next(s[i:])
		if !same {
			return sc.rest(s, i, r, size)
		}
		i += size
	}
	return s
}

// scanner replaces rune by rune.
type scanner struct {
	prev  rune // the last one that stayed
	tags  int  // how many of the next runes are tags of a flag
	lines bool // line ends stay
}

// rest returns s with what stands from i on replaced, where r stands for the first size bytes.
func (sc *scanner) rest(s string, i int, r rune, size int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for {
		if r >= 0 {
			b.WriteRune(r)
		}
		if i += size; i >= len(s) {
			return b.String()
		}
		r, size, _ = sc.next(s[i:])
	}
}

// next returns what may stand for the first rune of s, its size in s, and whether it is the same. A rune of -1 is
// left out.
func (sc *scanner) next(s string) (to rune, size int, same bool) {
	if c := s[0]; c >= ' ' && c < 0x7f {
		sc.prev = rune(c)
		return sc.prev, 1, true
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		sc.prev = utf8.RuneError
		return utf8.RuneError, 1, false
	case sc.lines && r == '\n':
		to = r
	case sc.tags > 0:
		sc.tags--
		to = r
	case r == zwj || r == zwnj:
		to = -1
		if next, _ := utf8.DecodeRuneInString(s[size:]); joinable(sc.prev) && joinable(next) {
			to = r
		}
	case r == blackFlag:
		sc.tags = flagTags(s[size:])
		to = r
	default:
		to = replacement(r)
	}
	if to >= 0 {
		sc.prev = to
	}
	return to, size, to == r
}

// replacement returns what may stand for r wherever it stands; -1 leaves it out.
func replacement(r rune) rune {
	switch {
	case unicode.IsPrint(r):
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return unicode.ReplacementChar
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r), r >= tagsFrom && r <= tagsTo:
		return -1
	}
	return r // private, or newer than our tables: a glyph or a box
}

// joinable reports whether r may stand beside a joiner: a letter or a mark of a script whose letters join, or a
// symbol, as those of emoji.
func joinable(r rune) bool {
	switch {
	case r < 0x2bd || r == utf8.RuneError:
		return false
	case unicode.IsLetter(r):
		return !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian,
			unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
	}
	return unicode.In(r, unicode.M, unicode.So, unicode.Sk)
}

// An emoji of a flag of a region, such as Scotland, is a black flag, the letters of the region as tags, and a last
// tag (UTS 51).
const (
	blackFlag = 0x1f3f4
	tagsFrom  = 0xe0000
	tagsTo    = 0xe0fff
	tagDigit  = 0xe0030 // the first of ten
	tagLetter = 0xe0061 // the first of 26
	tagEnd    = 0xe007f
	maxTags   = 6
)

// flagTags returns how many runes at the start of s are the tags of a flag.
func flagTags(s string) (n int) {
	for _, r := range s {
		n++
		switch {
		case r == tagEnd && n > 1:
			return n
		case n > maxTags, r < tagDigit || r > tagDigit+9 && r < tagLetter || r > tagLetter+25:
			return 0
		}
	}
	return 0
}
