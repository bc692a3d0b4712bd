package wire

import "errors"

// ErrSyntax is returned by Scan for a payload that is not one bencoded dictionary.
var ErrSyntax = errors.New("not a bencoded dictionary")

// Scan reads packet into m, overwriting it. It allocates nothing and never recurses. Bytes after the dictionary
// are ignored, as other nodes ignore them, and keys may come in any order.
//
// The error is ErrSyntax or nil. A message that lacks what BEP 5 needs of it, as the value has a wrong type or length,
// has m.Invalid set, and as much of the rest as could be read, so that it can be answered. Any other value of a wrong
// type or length is as if it were not there, and counts in m.LeftOut.
func Scan(packet []byte, m *Message) error {
	*m = Message{}
	s := scanner{b: packet}
	if !s.open('d') {
		return ErrSyntax
	}
	var arguments, values []byte // "a" and "r": what they mean depends on "q" and "y", which come later
	for s.more() {
		key, ok := s.str()
		if !ok {
			return ErrSyntax
		}
		if len(key) != 1 {
			switch string(key) {
			case "ip":
				m.External = s.addr(m, keyIP)
			case "ro":
				m.ReadOnly = s.number(m, keyRO) != 0
			default:
				s.skip()
			}
			continue
		}
		switch key[0] {
		case 't':
			m.TID = s.field(m, keyT)
		case 'y':
			m.Kind = kindOf(s.field(m, keyY))
		case 'q':
			m.Name = s.field(m, keyQ)
			m.Method = methodOf(m.Name)
		case 'v':
			m.Version = s.field(m, keyVersion)
		case 'a':
			arguments = s.value()
		case 'r':
			values = s.value()
		case 'e':
			s.krpcError(m)
		default:
			s.skip()
		}
	}
	ok := !s.bad
	switch m.Kind {
	case KindQuery:
		ok = ok && m.body(keyA, arguments)
	case KindReply:
		ok = ok && m.body(keyR, values)
	}
	if !ok {
		return ErrSyntax
	}
	m.settle()
	return nil
}

// bodyScanner scans the body of a message, "a" or "r".
type bodyScanner struct {
	scanner
	target, infoHash []byte // which of them counts depends on the method
}

// body reads the arguments of a query or the values of a reply, found under k. It returns false for a syntax error.
func (m *Message) body(k key, b []byte) bool {
	s := bodyScanner{scanner: scanner{b: b}}
	switch {
	case len(b) == 0:
		return true
	case !s.at('d'):
		m.odd(k)
		return true
	}
	m.Body = true
	for s.open('d'); s.more(); {
		key, ok := s.str()
		if !ok {
			return false
		}
		s.argument(m, key)
	}
	m.setTarget(s.target, s.infoHash)
	return !s.bad
}

// setTarget takes as the Target the argument that the method uses. A method that we do not know may use either
// (libtorrent's forward-compatibility note).
func (m *Message) setTarget(target, infoHash []byte) {
	switch m.Method {
	case FindNode, SampleInfohashes, Get:
	case GetPeers, AnnouncePeer:
		target = infoHash
	default:
		if target == nil {
			target = infoHash
		}
	}
	m.HasTarget = target != nil
	copy(m.Target[:], target)
}

// argument reads the value of one key of a body.
func (s *bodyScanner) argument(m *Message, key []byte) {
	switch string(key) {
	case "id":
		id := s.id(m, keyID)
		m.HasID = id != nil
		copy(m.ID[:], id)
	case "target":
		s.target = s.id(m, keyTarget)
	case "info_hash":
		s.infoHash = s.id(m, keyInfoHash)
	case "token":
		m.Token = s.field(m, keyToken)
	case "port":
		m.HasPort = s.at('i')
		m.Port = s.number(m, keyPort)
	case "implied_port":
		m.ImpliedPort = s.number(m, keyImpliedPort) != 0
	case "seed":
		m.Seed = s.number(m, keySeed) == 1 // any other is none (BEP 33)
	case "noseed":
		m.NoSeed = s.number(m, keyNoSeed) != 0
	case "bs":
		m.Bootstrap = s.number(m, keyBS) != 0
	case "scrape":
		m.Scrape = s.number(m, keyScrape) != 0
	case "num":
		m.Num = s.number(m, keyNum)
	case "interval":
		m.Interval = s.number(m, keyInterval)
	case "nodes":
		m.Nodes = s.records(m, keyNodes, contactLen4)
	case "nodes6":
		m.Nodes6 = s.records(m, keyNodes6, contactLen6)
	case "samples":
		m.Samples = s.records(m, keySamples, len(ID{}))
		m.HasSamples = m.Samples != nil
	case "values":
		m.Values = s.list(m, keyValues)
	case "want":
		s.want(m)
	default:
		m.Rest = s.b
		s.skip()
	}
}

// want reads BEP 32's list of "n4" and "n6"; other members are for later BEPs.
func (s *scanner) want(m *Message) {
	m.Want = 0
	list := scanner{b: s.list(m, keyWant)}
	for !list.bad && len(list.b) > list.i {
		switch string(list.field(m, keyWant)) {
		case "n4":
			m.Want |= WantNodes
		case "n6":
			m.Want |= WantNodes6
		}
	}
}

// krpcError reads the list of an error: its code and its text. Both are optional in practice.
func (s *scanner) krpcError(m *Message) {
	list := scanner{b: s.list(m, keyE)}
	if list.at('i') {
		m.Code = list.number(m, keyE)
	}
	if len(list.b) > list.i {
		m.Text = list.field(m, keyE)
	}
}

// isString reports whether the next value is a byte string.
func (s *scanner) isString() bool { return !s.bad && s.i < len(s.b) && s.b[s.i]-'0' <= 9 }

// field reads a byte string, or skips another value and marks k odd.
func (s *scanner) field(m *Message, k key) []byte {
	if s.isString() {
		v, _ := s.str()
		return v
	}
	m.odd(k)
	s.skip()
	return nil
}

// number reads an integer, or skips another value and marks k odd.
func (s *scanner) number(m *Message, k key) int64 {
	if s.at('i') {
		return s.integer()
	}
	m.odd(k)
	s.skip()
	return 0
}

// id reads a byte string of exactly 20 bytes.
func (s *scanner) id(m *Message, k key) []byte { return s.sized(m, k, len(ID{})) }

// sized reads a byte string of exactly size bytes.
func (s *scanner) sized(m *Message, k key, size int) []byte {
	v := s.field(m, k)
	if len(v) != size {
		m.odd(k)
		return nil
	}
	return v
}

// addr reads a byte string that is a compact address of either family.
func (s *scanner) addr(m *Message, k key) []byte {
	v := s.field(m, k)
	if len(v) != addrLen4 && len(v) != addrLen6 {
		m.odd(k)
		return nil
	}
	return v
}

// records reads a byte string that holds whole records of size bytes.
func (s *scanner) records(m *Message, k key, size int) []byte {
	v := s.field(m, k)
	if len(v)%size != 0 {
		m.odd(k)
		return nil
	}
	return v
}

// list returns the elements of a list, still bencoded, or skips another value and marks k odd.
func (s *scanner) list(m *Message, k key) []byte {
	if !s.at('l') {
		m.odd(k)
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
