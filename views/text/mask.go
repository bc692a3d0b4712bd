package text

import (
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mask hides addresses and our own IDs in texts that may contain some: errors, warnings, client names. A nil
// Mask hides nothing. It is immutable.
type Mask struct {
	Privacy Privacy    // of the addresses
	Own     [][20]byte // our IDs

	Addrs []netip.Addr // our own addresses, for searching them in bytes
}

// Hidden replaces an ID of ours.
const Hidden = "masked"

// ownDigits is how many digits of an ID identify it.
const ownDigits = 8

// Owns reports whether id is one of ours that must not be told.
func (m *Mask) Owns(id [20]byte) bool { return m != nil && slices.Contains(m.Own, id) }

// Text returns s with addresses and IDs hidden. It allocates nothing if there are none, as all text on the screen
// passes it.
func (m *Mask) Text(s string) string {
	if m == nil || !m.suspects(s) {
		return s
	}
	return m.hide(strings.Clone(s)) // s itself escapes nowhere
}

// hide is Text for a text that may contain something. It sanitises s and takes the marks off its ASCII letters, as
// both could split an address.
func (m *Mask) hide(s string) string {
	s = bare(Sanitize(s))
	found := m.find(s)
	if len(found) == 0 {
		return s
	}
	var b []byte
	at := 0
	for _, f := range found {
		b = append(b, s[at:f.from]...)
		if f.addr.IsValid() {
			b = AppendAddr(b, f.addr, m.Privacy)
		} else {
			b = append(b, Hidden...)
		}
		at = f.to
	}
	return string(append(b, s[at:]...))
}

// bare returns sanitised text without the marks of its ASCII characters, which are none that a language writes: those
// have become letters of their own.
func bare(s string) string {
	b := make([]byte, 0, len(s))
	for len(s) > 0 {
		size, _ := Cluster(s)
		n := size
		if s[0] < utf8.RuneSelf {
			n = 1
		}
		b = append(b, s[:n]...)
		s = s[size:]
	}
	return string(b)
}

// Cover returns s with an x for each hidden letter and digit, so that every rune stays in its place.
func (m *Mask) Cover(s string) string {
	if m == nil {
		return s
	}
	b := []byte(s)
	for _, f := range m.find(s) {
		for i := f.from; i < f.to; i++ {
			if alnum(b[i]) {
				b[i] = 'x'
			}
		}
	}
	return string(b)
}

// Spans returns the hidden parts of s, each as its first byte and the one after its last.
func (m *Mask) Spans(s string) (spans [][2]int) {
	if m == nil {
		return nil
	}
	for _, f := range m.find(s) {
		spans = append(spans, [2]int{f.from, f.to})
	}
	return spans
}

// suspects reports whether there may be something to hide in s, in one pass: a digit or the end after three
// dots that follow digits, colons as in an IPv6 address, or the digits of an ID of ours. What is not ASCII is passed
// over, as it may vanish.
func (m *Mask) suspects(s string) bool {
	var prev byte
	dots, colons, run, parted := 0, 0, 0, false
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			parted = run > 0
			if dots > 2 && prev == '.' {
				return true
			}
			continue
		}
		switch {
		case dots > 2 && prev == '.' && (digit(c) || c < ' '):
			return true
		case c == '.' && digit(prev):
			dots++
		case prev == ':' && (c == ':' || hexDigit(c)):
			colons++
		}
		if colons > colonsOf6-1 || c == ':' && prev == ':' {
			return true
		}
		prev = c
		if !hexDigit(c) {
			run, parted = 0, false
			continue
		}
		if run++; run >= ownDigits && (parted || m.ownAt(s[i-ownDigits+1:i+1])) {
			return true
		}
	}
	return dots > 2 && prev == '.'
}

// colonsOf6 is how many colons an IPv6 address has that is not shortened. With IPv4 at its end, it has dots.
const colonsOf6 = 7

// ownAt reports whether an ID of ours begins with these hexadecimal digits.
func (m *Mask) ownAt(digits string) bool {
	for _, id := range m.Own {
		i := 0
		for i < len(digits) && nibble(digits[i]) == id[i/2]>>(4-i%2*4)&15 {
			i++
		}
		if i == len(digits) {
			return true
		}
	}
	return false
}

// nibble returns the value of a hexadecimal digit.
func nibble(c byte) byte {
	if digit(c) {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}
