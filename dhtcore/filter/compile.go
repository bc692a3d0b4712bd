package filter

import (
	"net/netip"
	"regexp"
	"strings"
)

// test is how a term is decided.
type test uint8

const (
	contains test = iota // one of the words is in the text
	begins               // the text begins with one of the words
	equals               // the text is one of the words
	matches              // the pattern matches the text
	within               // the address is in the prefix
	less
	lessOrEqual
	greater
	greaterOrEqual
	same // the number, as it is shown
)

// numberTests by operator.
var numberTests = map[string]test{
	"<": less, "<=": lessOrEqual, ">": greater, ">=": greaterOrEqual, "=": same, ":": same,
}

// term is a compiled term.
type term struct {
	not    bool
	fields []int // one of these columns must pass; nil for the text of the whole row
	test   test
	words  [][]byte // in lower case
	re     *regexp.Regexp
	prefix netip.Prefix

	number, unit float64 // see sameNumber
	kind         Kind
}

// compiler makes terms of what was written, for a list with some columns.
type compiler struct {
	columns []Field // also those without a name
}

// compile returns the term; nil for one that says nothing.
func (c *compiler) compile(w written) (*term, *Error) {
	if i := c.column(w.name); i >= 0 {
		return c.compileField(w, i)
	}
	if w.name != "" && !startsAddress(w) {
		return nil, c.unknown(w)
	}
	t := &term{not: w.not}
	if w.name == "" && w.op == "~" {
		return t.match(w)
	}
	value := w.name + w.op + w.value
	switch {
	case w.open:
		return nil, unfinished(w, "close the quote: %s\"", w.text)
	case value == "":
		return nil, nil
	}
	if hashes := pastedHashes(value); hashes != nil {
		t.words = literals(hashes...)
		return t, nil
	}
	value = strings.ToLower(value)
	if fields := c.having(value); fields != nil && !w.quoted {
		t.fields, t.test, t.words = fields, equals, literals(value)
		for _, i := range fields {
			t.words = append(t.words, literals(c.columns[i].meant(value, true)...)...)
		}
		return t, nil
	}
	if isPort(value) {
		value += string(separator) // :80 is not :8080
	}
	t.words = literals(value)
	return t, nil
}

// literals returns words as a term holds them.
func literals(words ...string) (all [][]byte) {
	for _, word := range words {
		all = append(all, []byte(word))
	}
	return all
}

// startsAddress reports whether a term only looks as if it named a field: fe80::1.
func startsAddress(w written) bool {
	all := w.name + w.op + w.value
	return w.op == ":" && !w.quoted && strings.Trim(all, "0123456789abcdefABCDEF:./%") == "" && strings.Count(all, ":") > 1
}

func isPort(word string) bool {
	digits, found := strings.CutPrefix(word, ":")
	return found && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// column returns the column that is called name, -1 for none.
func (c *compiler) column(name string) int {
	name = strings.ToLower(name)
	for i := range c.columns {
		if c.columns[i].called(name) {
			return i
		}
	}
	return -1
}

// having returns the columns that have a word among their values.
func (c *compiler) having(word string) (fields []int) {
	for i := range c.columns {
		if len(c.columns[i].meant(word, true)) > 0 {
			fields = append(fields, i)
		}
	}
	return fields
}

// compileField returns the term about a column.
func (c *compiler) compileField(w written, i int) (*term, *Error) {
	f := &c.columns[i]
	t := &term{not: w.not, fields: []int{i}, kind: f.Kind}
	switch {
	case w.open:
		return nil, unfinished(w, "close the quote: %s\"", w.text)
	case w.value == "" && !w.quoted:
		return nil, unfinished(w, "%s: %s", f.Name, f.wants())
	case f.numeric():
		return t.compare(w, f)
	case w.op == "~":
		return t.match(w)
	case w.op != ":" && w.op != "=":
		return nil, wrong(w, "%s is not a number: write %s, %s=word or %s~regex", f.Name, f.Example(), f.Name, f.Name)
	case f.Kind == Enum && len(f.Values) > 0:
		return t.choose(w, f)
	case f.Kind == Net && strings.Contains(w.value, "/"):
		prefix, err := netip.ParsePrefix(w.value)
		if err != nil {
			return nil, wrong(w, "%q is not a network: write %s:91.201.0.0/16 or %s:91.201.", w.value, f.Name, f.Name)
		}
		t.test, t.prefix = within, prefix.Masked()
		return t, nil
	}
	if t.words = literals(pastedHashes(w.value)...); t.words == nil {
		t.words = literals(strings.ToLower(w.value))
	}
	switch {
	case f.Kind != Text:
		t.test = begins
	case w.op == "=":
		t.test = equals
	}
	return t, nil
}

// compare compiles a term about a number.
func (t *term) compare(w written, f *Field) (*term, *Error) {
	test, known := numberTests[w.op]
	if !known {
		return nil, wrong(w, "%s is a number: write %s>10, %s<10 or %s=10", f.Name, f.Name, f.Name, f.Name)
	}
	n, unit, ok := parseNumber(w.value, f.Kind)
	if !ok {
		return nil, wrong(w, "%s%s%s: want %s", f.Name, w.op, w.value, wanted[f.Kind])
	}
	t.test, t.number, t.unit = test, n, unit
	return t, nil
}

// choose compiles a term about one of a few words.
func (t *term) choose(w written, f *Field) (*term, *Error) {
	t.test, t.words = equals, literals(f.meant(strings.ToLower(w.value), w.op == "=")...)
	if len(t.words) == 0 {
		return nil, wrong(w, "%s is never %q: it is %s", f.Name, w.value, list(f.Values, "or"))
	}
	return t, nil
}

// match compiles a pattern.
func (t *term) match(w written) (*term, *Error) {
	switch {
	case w.open:
		return nil, unfinished(w, "close the quote: %s\"", w.text)
	case w.value == "":
		return nil, nil
	}
	re, err := regexp.Compile("(?im)" + w.value)
	if err != nil {
		return nil, badPattern(w, err)
	}
	t.test, t.re = matches, re
	return t, nil
}
