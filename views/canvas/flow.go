package canvas

import (
	"strings"

	"dhtop/views/text"
	"dhtop/views/theme"
)

// Flow writes phrases one after the other into an area. A phrase is kept whole: one that does not fit
// begins the next line; what does not fit on the last line is left out.
type Flow struct {
	Area   Area
	X, Y   int
	Indent int  // where the lines after the first begin
	Gap    int  // blanks between phrases
	Breaks bool // a phrase that is wider than a line is written over several
}

// Word is a piece of a phrase.
type Word struct {
	role theme.Role
	s    string
}

// Say writes a phrase and reports whether there was room for it.
func (f *Flow) Say(words ...Word) bool {
	w := 0
	for i := range words {
		w += text.Width(words[i].s)
	}
	if f.Breaks && w > f.Area.W-f.Indent && f.Area.W > f.Indent {
		return f.sayBroken(words)
	}
	if f.X > f.Indent && f.X+w > f.Area.W {
		f.X = f.Indent
		f.Y++
	}
	if f.Y >= f.Area.H || f.X+w > f.Area.W {
		return false
	}
	for i := range words {
		f.X = f.Area.Put(f.X, f.Y, words[i].role, words[i].s)
	}
	f.X += f.Gap
	return true
}

// sayBroken writes a phrase that no line is wide enough for: word by word, and a word that is too wide in
// pieces. It masks first: a piece of an address would not be recognised.
func (f *Flow) sayBroken(words []Word) (said bool) {
	for i := range words {
		role := words[i].role
		for s := text.Sanitize(f.Area.Mask().Text(words[i].s)); s != ""; {
			blank := min(1, len(s)-len(strings.TrimLeft(s, " ")))
			n := blank + strings.IndexByte(s[blank:]+" ", ' ')
			if f.X > f.Indent && f.X+text.Width(s[:n]) > f.Area.W {
				f.X, f.Y = f.Indent, f.Y+1
			}
			if f.X == f.Indent {
				s, n = s[blank:], n-blank
			}
			n = wholeCluster(s[:n], f.Area.W-f.X)
			if said = f.Y < f.Area.H; !said {
				return false
			}
			f.X = f.Area.Put(f.X, f.Y, role, s[:n])
			s = s[n:]
		}
	}
	f.X += f.Gap
	return said
}

// wholeCluster returns how many bytes of s fit into w cells; a cluster at least.
func wholeCluster(s string, w int) int {
	if n := text.Fitting(s, w); n > 0 || s == "" {
		return n
	}
	size, _ := text.Step(s)
	return size
}

// Comma ends a phrase that another follows.
func Comma(more bool) Word {
	if more {
		return Dim(",")
	}
	return Word{}
}

// Text is a word in plain text.
func Text(s string) Word { return Word{theme.Text, s} }

// Dim is a word that recedes.
func Dim(s string) Word { return Word{theme.Dim, s} }

// Title is a word that stands out, as the name of a key does.
func Title(s string) Word { return Word{theme.Title, s} }

// Styled is a word in any role.
func Styled(role theme.Role, s string) Word { return Word{role, s} }

// Sentence says a sentence word by word, so that it may break anywhere.
func (f *Flow) Sentence(s string) {
	for len(s) > 0 {
		line, more := s, ""
		for i := range len(s) {
			if s[i] == ' ' {
				line, more = s[:i], s[i+1:]
				break
			}
		}
		f.Say(Dim(line))
		s = more
	}
}
