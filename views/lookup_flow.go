package views

import (
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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
		for s := f.a.g.mask.Text(words[i].s); s != ""; {
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

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// comma ends a phrase that another follows.
func comma(more bool) word {
	if more {
		return word{theme.Dim, ","}
	}
	return word{}
}

// digits and the like put a value into words. They are functions so that one is done before the next
// begins: they share the grid's room.
func (a area) digits(n int) string { return string(human.AppendCount(a.g.tmp[:0], uint64(max(n, 0)))) }

// bytes writes a size: 12,408 B, 3.9 GB.
func (a area) bytes(n int64) string {
	b := human.AppendCount(a.g.tmp[:0], uint64(max(n, 0)))
	if n < 1e6 {
		b = append(b, ' ')
	}
	return string(append(b, 'B'))
}

func (a area) percent(share float64) string {
	return string(append(strconv.AppendInt(a.g.tmp[:0], int64(share*100+0.5), 10), " %"...))
}

func (a area) decimal(f float64) string {
	return string(strconv.AppendFloat(a.g.tmp[:0], f, 'f', 1, 64))
}

func (a area) duration(d time.Duration) string { return string(human.AppendDuration(a.g.tmp[:0], d)) }

func (a area) prefix(id dhtcore.ID) string { return string(text.AppendPrefix(a.g.tmp[:0], id, 8)) }
