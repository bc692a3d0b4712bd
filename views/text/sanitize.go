package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
	"golang.org/x/text/unicode/norm"

	"dhtop/dhtcore/printable"
)

// Replacement marks a rune that was removed because it could do harm.
const Replacement = '�'

// maxCluster is the longest cluster that is shown, in bytes: a couple of different skins that kisses has 35.
const maxCluster = 48

// Sanitize returns s as it may be shown: as package printable leaves it, composed (NFC), without what shows nothing,
// and without the marks that no letter can carry. It returns s itself where all of it is Lone and harmless.
func Sanitize(s string) string {
	if harmless(s) {
		return s
	}
	return SanitizeCopy(s)
}

// SanitizeCopy is Sanitize into a string of its own. For the compiler, s does not escape through it: what draws with
// strings on the stack relies on that.
func SanitizeCopy(s string) string {
	own := strings.Map(visible, printable.Copy(s))
	return trim(norm.NFC.String(own))
}

// harmless reports whether s consists of lone runes that are shown as they are.
func harmless(s string) bool {
	for len(s) > 0 {
		if c := s[0]; c >= 0x20 && c < 0x7f {
			s = s[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		if shown, w := lone(r); w == 0 || shown != r || r == utf8.RuneError && size == 1 {
			return false
		}
		s = s[size:]
	}
	return true
}

// visible leaves out letters that show nothing, and replaces symbols that do by a space.
func visible(r rune) rune {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0: // Hangul fillers
		return -1
	case 0x2800: // blank braille
		return ' '
	}
	return r
}

// trim leaves out clusters without a width, such as a mark at the start, and what makes a cluster too long.
func trim(s string) string {
	for i := 0; i < len(s); {
		size, w := Cluster(s[i:])
		if w == 0 || size > maxCluster {
			return trimFrom(s, i)
		}
		i += size
	}
	return s
}

// trimFrom is trim where something must be left out from i on.
func trimFrom(s string, i int) string {
	b := []byte(s[:i])
	for i < len(s) {
		size, w := Cluster(s[i:])
		if w > 0 {
			b = append(b, shorten(s[i:i+size])...)
		}
		i += size
	}
	return string(b)
}

// shorten cuts a cluster that is too long after a whole rune that is no joiner.
func shorten(cluster string) string {
	if len(cluster) <= maxCluster {
		return cluster
	}
	n := maxCluster
	for n > 0 && (!utf8.RuneStart(cluster[n]) || strings.HasSuffix(cluster[:n], "\u200d")) {
		n--
	}
	return cluster[:n]
}

// Cluster returns the size in bytes and the width in cells of the first grapheme cluster of sanitised text, as
// x/ansi measures it.
func Cluster(s string) (size, width int) {
	if s[0] >= utf8.RuneSelf {
		c, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		return len(c), w
	}
	if len(s) > 1 && s[1] >= utf8.RuneSelf {
		if c, w := ansi.FirstGraphemeCluster(s[1:], ansi.GraphemeWidth); w == 0 {
			return 1 + len(c), 1
		}
	}
	return 1, 1
}

// Step returns the size in bytes and the width in cells of what stands first in sanitised text. As with
// SanitizeCopy, s does not escape.
func Step(s string) (size, width int) {
	if _, w, size := Lone(s); size > 0 {
		return size, w
	}
	return Cluster(strings.Clone(s[:min(len(s), 2*maxCluster)]))
}

// ruler measures single runes as terminals do that know no clusters.
var ruler = runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

// Steady reports whether every terminal gives a cluster of w cells this width, or nearly every one: it is a single
// rune that is neither new nor disputed.
func Steady(cluster string, w int) bool {
	r, size := utf8.DecodeRuneInString(cluster)
	return size == len(cluster) && unicode.IsPrint(r) && ruler.RuneWidth(r) == w
}

// Lone returns what is shown for the first rune of s, its width in cells and its size in bytes in s, if that does not
// depend on its neighbours: no rune here joins another or composes with it. The size is 0 if it may depend.
func Lone(s string) (r rune, width, size int) {
	if c := s[0]; c >= 0x20 && c < 0x7f {
		r, width, size = rune(c), 1, 1
	} else {
		r, size = utf8.DecodeRuneInString(s)
		if r, width = lone(r); width == 0 {
			return 0, 0, 0
		}
	}
	if size < len(s) && s[size] >= utf8.RuneSelf {
		next, _ := utf8.DecodeRuneInString(s[size:])
		if _, w := lone(next); w == 0 {
			return 0, 0, 0
		}
	}
	return r, width, size
}

// lone returns what Lone does for one rune; a width of 0 for a rune that may depend on its neighbours. It knows the
// runes that we draw with, the most frequent letters, and the controls, whose replacement is a lone rune. Tests
// compare it with Sanitize and x/ansi.
func lone(r rune) (shown rune, width int) {
	switch {
	case r >= '\t' && r <= '\r', r == 0x85:
		return ' ', 1
	case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return Replacement, 1
	}
	for i := range lones {
		if r <= lones[i].hi {
			if r >= lones[i].lo {
				return r, lones[i].width
			}
			return 0, 0
		}
	}
	return 0, 0
}

// lones are ordered.
var lones = [...]struct {
	lo, hi rune
	width  int
}{
	{0x20, 0x7e, 1},
	{0xae, 0x17f, 1},    // Latin
	{0x3a3, 0x3ce, 1},   // Greek
	{0x400, 0x481, 1},   // Cyrillic
	{0x2010, 0x2027, 1}, // dashes, quotes, the ellipsis
	{0x2030, 0x203b, 1}, // per mille, primes
	{0x2190, 0x21ff, 1}, // arrows
	{0x2200, 0x22ff, 1}, // mathematical signs
	{0x2500, 0x25fc, 1}, // boxes, blocks, bullets
	{0x2713, 0x2717, 1}, // check marks
	{0x2801, 0x28ff, 1}, // Braille
	{0x3041, 0x3096, 2}, // Hiragana
	{0x30a1, 0x30fa, 2}, // Katakana
	{0x4e00, 0x9fff, 2}, // Han
	{0xac00, 0xd7a3, 2}, // Hangul
	{0xfffd, 0xfffd, 1}, // Replacement
}
