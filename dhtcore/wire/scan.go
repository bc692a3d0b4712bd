package wire

import "errors"

// ErrSyntax is returned by Scan for a payload that is not one bencoded dictionary.
var ErrSyntax = errors.New("not a bencoded dictionary")

// maxDepth bounds the nesting of values that Scan passes over. The deepest message of any BEP
// nests four deep; a bound keeps a packet of 1,400 "l"s as cheap as any other.
const maxDepth = 16

// Scan takes packet apart into m, overwriting it. It allocates nothing and recurses nowhere. Bytes
// after the dictionary are ignored, as other nodes ignore them, and keys may come in any order.
//
// The error is ErrSyntax or nil. A message that is well-formed bencode but wrong KRPC comes back
// with m.Invalid set, and with as much of the rest as could be read, so that it can be answered.
func Scan(packet []byte, m *Message) error {
	*m = Message{}
	s := scanner{b: packet}
	if !s.open('d') {
		return ErrSyntax
	}
	for s.more() {
		key, ok := s.str()
		if !ok {
			return ErrSyntax
		}
		if len(key) != 1 {
			switch string(key) {
			case "ip":
				m.External = s.field(m, "ip")
			case "ro":
				m.ReadOnly = s.number(m, "ro") != 0
			default:
				s.skip()
			}
			continue
		}
		switch key[0] {
		case 't':
			m.TID = s.field(m, "t")
		case 'y':
			m.Kind = kindOf(s.field(m, "y"))
		case 'q':
			m.Name = s.field(m, "q")
			m.Method = methodOf(m.Name)
		case 'v':
			m.Version = s.field(m, "v")
		case 'a', 'r':
			s.body(m, key)
		case 'e':
			s.krpcError(m)
		default:
			s.skip()
		}
	}
	if s.bad {
		return ErrSyntax
	}
	return nil
}

func kindOf(y []byte) Kind {
	if len(y) != 1 {
		return NoKind
	}
	switch y[0] {
	case 'q':
		return KindQuery
	case 'r':
		return KindReply
	case 'e':
		return KindError
	}
	return NoKind
}

// body reads the arguments of a query or the values of a reply.
func (s *scanner) body(m *Message, which []byte) {
	if !s.at('d') {
		m.invalid(string(which))
		s.skip()
		return
	}
	m.Body = true
	for s.open('d'); s.more(); {
		key, ok := s.str()
		if !ok {
			return
		}
		s.argument(m, key)
	}
}

func (s *scanner) argument(m *Message, key []byte) {
	switch string(key) {
	case "id":
		m.HasID = s.id(m, "id", &m.ID)
	case "target":
		m.HasTarget = s.id(m, "target", &m.Target)
	case "info_hash":
		m.HasTarget = s.id(m, "info_hash", &m.Target)
	case "token":
		m.Token = s.field(m, "token")
	case "port":
		m.HasPort = s.at('i')
		m.Port = s.number(m, "port")
	case "implied_port":
		m.ImpliedPort = s.number(m, "implied_port") != 0
	case "seed":
		m.Seed = s.number(m, "seed") != 0
	case "noseed":
		m.NoSeed = s.number(m, "noseed") != 0
	case "scrape":
		m.Scrape = s.number(m, "scrape") != 0
	case "num":
		m.Num = s.number(m, "num")
	case "interval":
		m.Interval = s.number(m, "interval")
	case "nodes":
		m.Nodes = s.records(m, "nodes", contactLen4)
	case "nodes6":
		m.Nodes6 = s.records(m, "nodes6", contactLen6)
	case "samples":
		m.HasSamples = true
		m.Samples = s.records(m, "samples", len(ID{}))
	case "values":
		m.Values = s.list(m, "values")
	case "want":
		s.want(m)
	default:
		s.skip()
	}
}

// want reads BEP 32's list of "n4" and "n6"; what else it holds is for later BEPs.
func (s *scanner) want(m *Message) {
	list := scanner{b: s.list(m, "want")}
	for len(list.b) > list.i {
		family, ok := list.str()
		if !ok {
			m.invalid("want")
			return
		}
		switch string(family) {
		case "n4":
			m.Want |= WantNodes
		case "n6":
			m.Want |= WantNodes6
		}
	}
}

// krpcError reads the list of a code and a text; both are optional in practice.
func (s *scanner) krpcError(m *Message) {
	list := scanner{b: s.list(m, "e")}
	if list.at('i') {
		m.Code = list.number(m, "e")
	}
	if len(list.b) > list.i {
		m.Text = list.field(m, "e")
	}
}

func (m *Message) invalid(key string) {
	if m.Invalid == "" {
		m.Invalid = key
	}
}

// scanner walks one payload. Once bad is set nothing more is read.
type scanner struct {
	b   []byte
	i   int
	bad bool
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

// integer reads i<decimal>e. Values beyond int64 are malformed.
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
		if v > (1<<63-1-9)/10 {
			s.bad = true
			return 0, false
		}
		v = v*10 + int64(s.b[s.i]-'0')
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
func (s *scanner) id(m *Message, key string, id *ID) bool {
	v := s.field(m, key)
	if len(v) != len(id) {
		m.invalid(key)
		return false
	}
	copy(id[:], v)
	return true
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
