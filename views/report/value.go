package report

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Value returns a bencoded value as people read it, on one line: "text", 0x0123 for bytes that are no
// text, 42, [a, b], {"key": value}. It is ok when b is exactly one value in the canonical form of BEP 3,
// which is the only one that all nodes hash and sign alike; the text is "" when it is not.
func Value(b []byte) (text string, ok bool) {
	v := valueReader{rest: b}
	v.value()
	if v.bad || len(v.rest) > 0 {
		return "", false
	}
	return string(v.out), true
}

// Content returns the bytes of b when it is a bencoded string.
func Content(b []byte) (content []byte, ok bool) {
	v := valueReader{rest: b}
	content = v.str()
	return content, !v.bad && len(v.rest) == 0
}

// valueReader reads bencode from rest and writes what people read to out. It stops at what is wrong. The
// depth of a value is bounded by its length, which BEP 44 bounds to 1,000 bytes.
type valueReader struct {
	rest, out []byte
	bad       bool
}

func (v *valueReader) value() {
	switch {
	case v.take('i'):
		digits := v.until('e')
		v.bad = v.bad || !canonical(strings.TrimPrefix(digits, "-")) || digits == "-0"
		v.out = append(v.out, digits...)
	case v.take('l'):
		v.out = append(v.out, '[')
		for first := true; v.more(); first = false {
			v.separate(first)
			v.value()
		}
		v.out = append(v.out, ']')
	case v.take('d'):
		v.dict()
	default:
		v.out = appendText(v.out, v.str())
	}
}

func (v *valueReader) dict() {
	v.out = append(v.out, '{')
	last := ""
	for first := true; v.more(); first = false {
		v.separate(first)
		key := string(v.str())
		v.bad = v.bad || !first && key <= last
		last = key
		v.out = append(appendText(v.out, []byte(key)), ": "...)
		v.value()
	}
	v.out = append(v.out, '}')
}

// more reports whether another element follows; if not, it takes the end of the list or dictionary.
func (v *valueReader) more() bool {
	v.bad = v.bad || len(v.rest) == 0
	return !v.bad && !v.take('e')
}

func (v *valueReader) separate(first bool) {
	if !first {
		v.out = append(v.out, ", "...)
	}
}

// take takes the byte c if it is the next one.
func (v *valueReader) take(c byte) bool {
	if len(v.rest) == 0 || v.rest[0] != c {
		return false
	}
	v.rest = v.rest[1:]
	return true
}

// until takes what stands before the byte c, and c.
func (v *valueReader) until(c byte) string {
	before, after, found := strings.Cut(string(v.rest), string(c))
	v.bad = v.bad || !found
	v.rest = v.rest[len(v.rest)-len(after):]
	return before
}

func (v *valueReader) str() []byte {
	length := v.until(':')
	n, err := strconv.Atoi(length)
	if v.bad || err != nil || !canonical(length) || n > len(v.rest) {
		v.bad = true
		return nil
	}
	content := v.rest[:n]
	v.rest = v.rest[n:]
	return content
}

// canonical reports whether digits are a number without leading zeros.
func canonical(digits string) bool {
	return digits != "" && strings.Trim(digits, "0123456789") == "" && (digits == "0" || digits[0] != '0')
}

// appendText appends a string in quotes, or as hexadecimal when it is no text.
func appendText(dst, s []byte) []byte {
	if readable(s) {
		return strconv.AppendQuote(dst, string(s))
	}
	return hex.AppendEncode(append(dst, "0x"...), s)
}

// readable reports whether s, which comes from strangers, is harmless text.
func readable(s []byte) bool {
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if r == utf8.RuneError && n == 1 || r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return false
		}
		s = s[n:]
	}
	return true
}
