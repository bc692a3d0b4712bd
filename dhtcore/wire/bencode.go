package wire

import "math"

// maxDepth bounds the nesting of values that skip passes over. The deepest message of any BEP nests four deep; a
// bound keeps a packet of 1,400 "l"s as cheap as any other.
const maxDepth = 16

// scanner is a cursor over bencode. It knows the syntax and nothing of messages; scan.go gives the values their
// meaning. It allocates nothing and never recurses. Once bad is set nothing more is read.
type scanner struct {
	b   []byte
	i   int
	bad bool
}

// at reports whether the next byte is c.
func (s *scanner) at(c byte) bool { return !s.bad && s.i < len(s.b) && s.b[s.i] == c }

// open steps into a container that starts with c.
func (s *scanner) open(c byte) bool {
	if !s.at(c) {
		s.bad = true
		return false
	}
	s.i++
	return true
}

// more reports whether the open container has another member, and steps out of it when it has none.
func (s *scanner) more() bool {
	if s.bad || s.i >= len(s.b) {
		s.bad = true
		return false
	}
	if s.b[s.i] == 'e' {
		s.i++
		return false
	}
	return true
}

// str reads one byte string.
func (s *scanner) str() ([]byte, bool) {
	n, start := 0, s.i
	for !s.bad && s.i < len(s.b) && s.b[s.i]-'0' <= 9 && n <= len(s.b) {
		n = n*10 + int(s.b[s.i]-'0')
		s.i++
	}
	if s.i == start || !s.at(':') || n > len(s.b)-s.i-1 {
		s.bad = true
		return nil, false
	}
	from := s.i + 1
	s.i = from + n
	return s.b[from:s.i:s.i], true
}

// integer reads i<decimal>e. Values beyond int64 are well-formed, and clamped.
func (s *scanner) integer() (v int64) {
	if !s.open('i') {
		return 0
	}
	negative := s.at('-')
	if negative {
		s.i++
	}
	start := s.i
	for ; s.i < len(s.b) && s.b[s.i]-'0' <= 9; s.i++ {
		digit := int64(s.b[s.i] - '0')
		if v > (math.MaxInt64-digit)/10 {
			v = math.MaxInt64
			continue
		}
		v = v*10 + digit
	}
	if s.i == start || !s.at('e') {
		s.bad = true
		return 0
	}
	s.i++
	if negative {
		v = -v
	}
	return v
}

// skip skips one value of any kind.
func (s *scanner) skip() {
	for depth := 0; !s.bad; {
		switch {
		case s.at('i'):
			s.integer()
		case s.at('l'), s.at('d'):
			s.i++
			if depth++; depth > maxDepth {
				s.bad = true
			}
		case s.at('e') && depth > 0:
			s.i++
			depth--
		default:
			s.str()
		}
		if depth == 0 {
			return
		}
	}
}

// value skips one value of any kind and returns it, still bencoded.
func (s *scanner) value() []byte {
	from := s.i
	s.skip()
	return s.b[from:s.i:s.i]
}
