package wire

import (
	"bytes"
	"slices"
)

// canonical reports whether b is one value in the only form that bencode has for it: the keys of a dictionary are
// sorted and none comes twice, numbers have no leading zeros, zero has no sign. Nodes that decode an item and encode it
// again would hash or sign other bytes if it were not.
func canonical(b []byte) bool {
	s := scanner{b: b}
	var stack [maxDepth]nesting
	depth := 0
	for {
		if depth > 0 && s.at('e') {
			top := &stack[depth-1]
			if top.dict && top.value {
				return false // a key without a value
			}
			s.i++
			depth--
		} else {
			from := s.i
			if depth > 0 && stack[depth-1].dict {
				if !stack[depth-1].next(&s) {
					return false
				}
				if s.i > from {
					continue // it was a key
				}
			}
			switch {
			case s.at('d'), s.at('l'):
				if depth == maxDepth {
					return false
				}
				stack[depth] = nesting{dict: s.at('d')}
				depth++
				s.i++
			case s.at('i'):
				s.integer()
				if s.bad || !plainInteger(b[from:s.i]) {
					return false
				}
			default:
				if !s.plainString() {
					return false
				}
			}
		}
		if depth == 0 {
			return s.i == len(b)
		}
	}
}

// nesting is a list or a dictionary that canonical is inside of.
type nesting struct {
	dict  bool
	value bool   // a key was read, and its value comes next
	key   []byte // the last one; nil before the first
}

// next reads the key of a dictionary if one comes next. It returns false for one that is not greater than the last.
func (d *nesting) next(s *scanner) bool {
	if d.value {
		d.value = false
		return true
	}
	from := s.i
	if !s.plainString() {
		return false
	}
	k := s.b[from+bytes.IndexByte(s.b[from:], ':')+1 : s.i]
	if d.key != nil && bytes.Compare(k, d.key) <= 0 {
		return false
	}
	d.key, d.value = slices.Clip(k), true
	return true
}

// plainString reads a byte string and reports whether its length has no leading zeros.
func (s *scanner) plainString() bool {
	zero := s.at('0')
	from := s.i
	_, ok := s.str()
	return ok && (!zero || s.b[from+1] == ':')
}

// plainInteger reports whether i<decimal>e has no leading zeros, nor a sign before zero.
func plainInteger(b []byte) bool {
	digits := bytes.TrimPrefix(b[1:len(b)-1], []byte("-"))
	return digits[0] != '0' || len(b) == len("i0e")
}
