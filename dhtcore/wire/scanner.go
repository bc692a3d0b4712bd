package wire

import "math"

// maxDepth bounds the nesting of values that Scan passes over. The deepest message of any BEP
// nests four deep; a bound keeps a packet of 1,400 "l"s as cheap as any other.
const maxDepth = 16

// scanner walks one payload. Once bad is set nothing more is read.
type scanner struct {
	b   []byte
	i   int
	bad bool

	target, infoHash []byte // of a body, until the method tells which of them counts
}

// at tells whether the next byte is c.
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

// more tells whether the open container goes on, and steps out of it when it does not.
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

// integer reads i<decimal>e. Values beyond int64 are well-formed, and cut off there.
func (s *scanner) integer() (v int64, ok bool) {
	if !s.open('i') {
		return 0, false
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
		return 0, false
	}
	s.i++
	if negative {
		v = -v
	}
	return v, true
}

// skip passes over one value of any kind.
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

// value passes over one value of any kind and returns it, still bencoded.
func (s *scanner) value() []byte {
	from := s.i
	s.skip()
	return s.b[from:s.i:s.i]
}

// field reads a byte string, or passes over another value and marks key invalid.
func (s *scanner) field(m *Message, key string) []byte {
	if s.i < len(s.b) && s.b[s.i]-'0' <= 9 {
		v, _ := s.str()
		return v
	}
	m.invalid(key)
	s.skip()
	return nil
}

// number reads an integer, or passes over another value and marks key invalid.
func (s *scanner) number(m *Message, key string) int64 {
	if s.at('i') {
		v, _ := s.integer()
		return v
	}
	m.invalid(key)
	s.skip()
	return 0
}

// id reads a byte string of exactly 20 bytes.
func (s *scanner) id(m *Message, key string) []byte {
	v := s.field(m, key)
	if len(v) != len(ID{}) {
		m.invalid(key)
		return nil
	}
	return v
}

// records reads a byte string that holds whole records of size bytes.
func (s *scanner) records(m *Message, key string, size int) []byte {
	v := s.field(m, key)
	if len(v)%size != 0 {
		m.invalid(key)
		return nil
	}
	return v
}

// list returns the elements of a list, still bencoded.
func (s *scanner) list(m *Message, key string) []byte {
	if !s.at('l') {
		m.invalid(key)
		s.skip()
		return nil
	}
	from := s.i + 1
	s.skip()
	if s.bad {
		return nil
	}
	return s.b[from : s.i-1 : s.i-1]
}
