package filter

import "strings"

// written is a term as it stands in the text of a filter, taken apart.
type written struct {
	text     string // all of it
	from     int    // where it begins in the text
	not      bool
	name, op string // "" where no field is named; the op is "~" for a pattern without a field
	value    string
	quoted   bool
	open     bool // the quote that it begins is not closed
}

// blanks separate terms.
const blanks = " \t\r\n\u00a0"

// operators, the longer ones before those that they begin with.
var operators = [...]string{">=", "<=", ">", "<", ":", "=", "~"}

// split takes a filter apart into its terms.
func split(s string) (terms []written) {
	for at := 0; ; {
		rest := strings.TrimLeft(s[at:], blanks)
		if rest == "" {
			return terms
		}
		at = len(s) - len(rest)
		w, length := readTerm(rest)
		w.text, w.from = rest[:length], at
		terms = append(terms, w)
		at += length
	}
}

// readTerm takes the term apart that s begins with, and returns how many bytes it has.
func readTerm(s string) (w written, length int) {
	rest := s
	if rest, w.not = strings.CutPrefix(rest, "!"); isLink(strings.ToLower(rest[:min(len(rest), len("magnet:?")+1)])) {
		w.value = untilBlank(rest)
		return w, len(s) - len(rest) + len(w.value)
	}
	w.name = identifier(rest)
	for _, op := range operators {
		if after, found := strings.CutPrefix(rest[len(w.name):], op); found && (w.name != "" || op == "~") {
			w.op, rest = op, after
			break
		}
	}
	if w.op == "" {
		w.name = ""
	}
	if inside, quoted := strings.CutPrefix(rest, `"`); quoted {
		w.quoted = true
		n := 0
		w.value, n, w.open = unquote(inside)
		return w, len(s) - len(inside) + n
	}
	w.value = untilBlank(rest)
	return w, len(s) - len(rest) + len(w.value)
}

func untilBlank(s string) string {
	if i := strings.IndexAny(s, blanks); i >= 0 {
		return s[:i]
	}
	return s
}

// identifier returns the name that s begins with: a letter, then letters, digits, - and _.
func identifier(s string) string {
	i := 0
	for ; i < len(s); i++ {
		switch c := s[i] | 0x20; {
		case c >= 'a' && c <= 'z':
		case i > 0 && (s[i] >= '0' && s[i] <= '9' || s[i] == '_' || s[i] == '-'):
		default:
			return s[:i]
		}
	}
	return s
}

// unquote returns the text before the closing quote, where \" stands for a quote, and how many bytes it takes with
// the quote.
func unquote(s string) (text string, length int, open bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i + 1, false
		case strings.HasPrefix(s[i:], `\"`):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), len(s), true
}
