package filter

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Filter is a compiled filter of rows of type R. It is immutable; a nil Filter passes all rows.
type Filter[R any] struct {
	text    string
	terms   []term
	columns Table[R]
}

// separator ends each text of a row, so that ^ and $ are its ends and no word spans two.
const separator = '\n'

// Parse compiles a filter; nil for one that says nothing. The error is an *Error. With an Unfinished one comes the
// filter that the other terms make.
func (t Table[R]) Parse(text string) (*Filter[R], error) {
	text = strings.Trim(text, blanks)
	c := compiler{columns: make([]Field, len(t))}
	for i := range t {
		c.columns[i] = t[i].Field
	}
	f := &Filter[R]{text: text, columns: t}
	var failed *Error
	var finished []string
	for _, w := range split(text) {
		switch term, err := c.compile(w); {
		case err != nil && !err.Unfinished:
			return nil, err
		case err != nil:
			failed = err
		case term != nil:
			f.terms = append(f.terms, *term)
			finished = append(finished, w.text)
		}
	}
	if len(f.terms) == 0 {
		f = nil
	}
	if failed != nil {
		if f != nil {
			f.text = strings.Join(finished, " ")
		}
		return f, failed
	}
	return f, nil
}

// IsUnfinished reports whether err is only about a term that is not written to its end.
func IsUnfinished(err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e) && e.Unfinished
}

// String returns the filter as it was written, "" for nil.
func (f *Filter[R]) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// Match reports whether a row passes. buf is memory that it works in, and may grow; it may be shared by what is
// matched one after the other.
func (f *Filter[R]) Match(row *R, buf *[]byte) bool {
	if f == nil {
		return true
	}
	line := -1 // length of the text of the row at the start of buf, once it is there
	for i := range f.terms {
		t := &f.terms[i]
		if t.fields == nil && line < 0 {
			*buf = f.appendRow((*buf)[:0], row)
			line = len(*buf)
		}
		var holds bool
		if t.fields == nil {
			holds = t.finds((*buf)[:line])
		}
		for _, at := range t.fields {
			if holds = f.holds(t, &f.columns[at], row, buf, max(line, 0)); holds {
				break
			}
		}
		if holds == t.not {
			return false
		}
	}
	return true
}

// appendRow appends the text of a row, in lower case.
func (f *Filter[R]) appendRow(dst []byte, row *R) []byte {
	for i := range f.columns {
		if c := &f.columns[i]; !c.Aside && !c.numeric() {
			dst = append(c.appendLower(dst, row), separator)
		}
	}
	return dst
}

// holds reports whether a term about a field holds. buf is free from at on.
func (f *Filter[R]) holds(t *term, c *Column[R], row *R, buf *[]byte, at int) bool {
	if c.numeric() {
		return t.compares(c.Number(row))
	}
	*buf = c.appendLower((*buf)[:at], row)
	if t.test == within {
		if c.Addr != nil {
			return t.prefix.Contains(c.Addr(row).Addr().Unmap())
		}
		return t.contains((*buf)[at:])
	}
	return t.finds((*buf)[at:])
}

// appendLower appends the text of a row in the column, in lower case.
func (c *Column[R]) appendLower(dst []byte, row *R) []byte {
	from := len(dst)
	if c.Text == nil {
		dst = c.Addr(row).AppendTo(dst)
	} else {
		dst = c.Text(dst, row)
	}
	for i := from; i < len(dst); i++ {
		switch b := dst[i]; {
		case b >= utf8.RuneSelf:
			return appendLowerRunes(dst, from)
		case b >= 'A' && b <= 'Z':
			dst[i] = b | 0x20
		}
	}
	return dst
}

// appendLowerRunes turns the text from an index on into lower case, which may change its length.
func appendLowerRunes(dst []byte, from int) []byte {
	end := len(dst)
	for i := from; i < end; {
		r, n := utf8.DecodeRune(dst[i:end])
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += n
	}
	n := copy(dst[from:], dst[end:])
	return dst[:from+n]
}

// finds reports whether a text is what the term wants.
func (t *term) finds(text []byte) bool {
	if t.test == matches {
		return t.re.Match(text)
	}
	for _, word := range t.words {
		switch {
		case t.test == contains && bytes.Contains(text, word),
			t.test == begins && bytes.HasPrefix(text, word),
			t.test == equals && bytes.Equal(text, word):
			return true
		}
	}
	return false
}

// contains reports whether an address that is written, with or without a port, or as a network where it is masked, is
// in the network.
func (t *term) contains(text []byte) bool {
	if masked, err := netip.ParsePrefix(string(text)); err == nil {
		return t.prefix.Bits() <= masked.Bits() && t.prefix.Contains(masked.Addr().Unmap())
	}
	if ap, err := netip.ParseAddrPort(string(text)); err == nil {
		return t.prefix.Contains(ap.Addr().Unmap())
	}
	ip, err := netip.ParseAddr(string(text))
	return err == nil && t.prefix.Contains(ip.Unmap())
}

// compares reports whether a number is what the term wants. An unknown one never is.
func (t *term) compares(n float64) bool {
	switch t.test {
	case less:
		return n < t.number
	case lessOrEqual:
		return n <= t.number
	case greater:
		return n > t.number
	case greaterOrEqual:
		return n >= t.number
	default:
		return sameNumber(n, t.number, t.unit, t.kind)
	}
}
