package views

import (
	"strings"

	"dhtop/views/text"
	"dhtop/views/theme"
)

// flow writes phrases one after the other into an area. A phrase is kept whole: one that does not fit
// goes to the next line, and one that no line is left for is not written.
type flow struct {
	a      area
	x, y   int
	indent int  // where the lines after the first begin
	gap    int  // blanks between phrases
	breaks bool // a phrase that is wider than a line is written over several
}

// word is a piece of a phrase.
type word struct {
	role theme.Role
	s    string
}

// say writes a phrase and tells whether there was room for it.
func (f *flow) say(words ...word) bool {
	w := 0
	for i := range words {
		w += text.Width(words[i].s)
	}
	if f.breaks && w > f.a.w-f.indent && f.a.w > f.indent {
		return f.sayBroken(words)
	}
	if f.x > f.indent && f.x+w > f.a.w {
		f.x = f.indent
		f.y++
	}
	if f.y >= f.a.h || f.x+w > f.a.w {
		return false
	}
	for i := range words {
		f.x = f.a.put(f.x, f.y, words[i].role, words[i].s)
	}
	f.x += f.gap
	return true
}

// sayBroken writes a phrase that no line is wide enough for: word by word, and a word that is too wide in
// pieces. What is to be hidden is hidden first, as a piece of it would not be known.
func (f *flow) sayBroken(words []word) (said bool) {
	for i := range words {
		role := words[i].role
		for s := f.a.mask().Text(words[i].s); s != ""; {
			blank := min(1, len(s)-len(strings.TrimLeft(s, " ")))
			n := blank + strings.IndexByte(s[blank:]+" ", ' ')
			if f.x > f.indent && f.x+text.Width(s[:n]) > f.a.w {
				f.x, f.y = f.indent, f.y+1
			}
			if f.x == f.indent {
				s, n = s[blank:], n-blank
			}
			n = fitting(s[:n], f.a.w-f.x)
			if said = f.y < f.a.h; !said {
				return false
			}
			f.x = f.a.put(f.x, f.y, role, s[:n])
			s = s[n:]
		}
	}
	f.x += f.gap
	return said
}

// fitting is how many bytes of s fit into w cells; a rune at least.
func fitting(s string, w int) (n int) {
	for cells := 0; n < len(s); {
		_, width, size := clean(s[n:])
		if cells += width; cells > w && n > 0 {
			break
		}
		n += size
	}
	return n
}

// comma ends a phrase that another follows.
func comma(more bool) word {
	if more {
		return Dim(",")
	}
	return word{}
}

// Text, Dim and Title are words in those roles, and Styled is one in any.
func Text(s string) word { return word{theme.Text, s} }

func Dim(s string) word { return word{theme.Dim, s} }

func Title(s string) word { return word{theme.Title, s} }

func Styled(role theme.Role, s string) word { return word{role, s} }
