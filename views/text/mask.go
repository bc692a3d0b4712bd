package text

import (
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mask hides addresses and our own IDs in text that may hold some: errors, warnings, what others call
// themselves. A nil Mask hides nothing. It is immutable.
type Mask struct {
	Privacy Privacy    // of the addresses
	Own     [][20]byte // IDs that are not told

	Addrs []netip.Addr // our own addresses, for those who look for them in bytes
}

// Hidden stands for an ID of ours.
const Hidden = "masked"

// ownDigits is how many digits of an ID of ours give it away.
const ownDigits = 8

// Owns reports whether id is one of ours that must not be told.
func (v *Mask) Owns(id [20]byte) bool { return v != nil && slices.Contains(v.Own, id) }

// Text returns s without what is hidden. Nothing is allocated for a text that holds nothing of the kind, as
// all text on the screen comes by here.
func (v *Mask) Text(s string) string {
	if v == nil || !v.suspects(s) {
		return s
	}
	return v.hide(strings.Clone(s)) // s itself escapes nowhere
}

// hide is Text for what may hold something. It sanitises s: zero-width runes must not part an address.
func (v *Mask) hide(s string) string {
	s = Sanitize(s)
	found := v.find(s)
	if len(found) == 0 {
		return s
	}
	var b []byte
	at := 0
	for _, f := range found {
		b = append(b, s[at:f.from]...)
		if f.addr.IsValid() {
			b = AppendAddr(b, f.addr, v.Privacy)
		} else {
			b = append(b, Hidden...)
		}
		at = f.to
	}
	return string(append(b, s[at:]...))
}

// Cover returns s with an x for each letter and digit that is hidden: every rune stays in its place.
func (v *Mask) Cover(s string) string {
	if v == nil {
		return s
	}
	b := []byte(s)
	for _, f := range v.find(s) {
		for i := f.from; i < f.to; i++ {
			if alnum(b[i]) {
				b[i] = 'x'
			}
		}
	}
	return string(b)
}

// Spans returns the bytes of s that are hidden, each span from its first to the one after its last.
func (v *Mask) Spans(s string) (spans [][2]int) {
	if v == nil {
		return nil
	}
	for _, f := range v.find(s) {
		spans = append(spans, [2]int{f.from, f.to})
	}
	return spans
}

// suspects reports whether there may be something to hide in s, in one pass: three dots after digits, colons
// as in an IPv6 address, or the digits of an ID of ours. What is not ASCII is passed over, as it may vanish.
func (v *Mask) suspects(s string) bool {
	var prev byte
	dots, colons, run, parted := 0, 0, 0, false
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			parted = run > 0
			continue
		}
		switch {
		case c == '.' && digit(prev):
			dots++
		case prev == ':' && (c == ':' || hexDigit(c)):
			colons++
		}
		if dots > 2 || colons > 1 || c == ':' && prev == ':' {
			return true
		}
		prev = c
		if !hexDigit(c) {
			run, parted = 0, false
			continue
		}
		if run++; run >= ownDigits && (parted || v.ownAt(s[i-ownDigits+1:i+1])) {
			return true
		}
	}
	return false
}

// ownAt reports whether an ID of ours begins with these hexadecimal digits.
func (v *Mask) ownAt(digits string) bool {
	for _, id := range v.Own {
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

// nibble is the value of a hexadecimal digit.
func nibble(c byte) byte {
	if digit(c) {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}
