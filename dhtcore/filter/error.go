package filter

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"

	"dhtop/dhtcore/human"
)

// Error says what is wrong with a term of a filter, and how to mend it.
type Error struct {
	Term string
	// Unfinished says that the term is right as far as it goes: "rtt>". While somebody types it is no mistake.
	Unfinished bool
	text       string
}

// Error implements error.
func (e *Error) Error() string { return e.text }

func wrong(w written, format string, args ...any) *Error {
	return &Error{Term: w.text, text: fmt.Sprintf(format, args...)}
}

func unfinished(w written, format string, args ...any) *Error {
	e := wrong(w, format, args...)
	e.Unfinished = true
	return e
}

// unknown is the error about a field that the list does not have.
func (c *compiler) unknown(w written) *Error {
	var names, shown []string
	for i := range c.columns {
		if f := &c.columns[i]; f.Name != "" {
			names = append(append(names, f.Name), f.Aliases...)
			shown = append(shown, f.Name)
		}
	}
	fields := strings.Join(shown, " ")
	if near := human.Nearest(w.name, names); near != "" {
		return wrong(w, "no field %q: did you mean %s? The fields are %s", w.name, near, fields)
	}
	return wrong(w, "no field %q: the fields are %s; to find the text, quote it: \"%s\"", w.name, fields, strings.TrimPrefix(w.text, "!"))
}

// badPattern says what is wrong with a regular expression, without the name of Go's package.
func badPattern(w written, err error) *Error {
	if bad := (*syntax.Error)(nil); errors.As(err, &bad) {
		remedy := ""
		if !w.quoted && (bad.Code == syntax.ErrMissingParen || bad.Code == syntax.ErrMissingBracket) {
			remedy = "; one with blanks needs quotes: ~\"a b\""
		}
		return wrong(w, "invalid regular expression: %s: %s%s", bad.Code, strings.TrimPrefix(bad.Expr, "(?im)"), remedy)
	}
	return wrong(w, "invalid regular expression: %s", err)
}

// wants says what may stand after the operator.
func (f *Field) wants() string {
	switch {
	case f.numeric():
		return wanted[f.Kind] + ", as in " + f.Example()
	case f.Kind == Enum && len(f.Values) > 0:
		return list(f.Values, "or")
	case f.Kind == Net:
		return "the start of an address, or a network like 91.201.0.0/16"
	default:
		return "a word that is in it, \"two words\", or ~regex"
	}
}

// list writes words as people do: "a, b or c".
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], ", ") + " " + last + " " + words[end]
}
