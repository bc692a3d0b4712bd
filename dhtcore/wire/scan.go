package wire

import "errors"

// ErrSyntax is returned by Scan for a payload that is not one bencoded dictionary.
var ErrSyntax = errors.New("not a bencoded dictionary")

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
	var arguments, values []byte // "a" and "r": what they mean depends on "q" and "y", which come later
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
		ok = ok && m.body("a", arguments)
	case KindReply:
		ok = ok && m.body("r", values)
	}
	if !ok {
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

// body reads the arguments of a query or the values of a reply, found under key. It returns false
// for a syntax error.
func (m *Message) body(key string, b []byte) bool {
	s := scanner{b: b}
	switch {
	case len(b) == 0:
		return true
	case !s.at('d'):
		m.invalid(key)
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
	m.aim(s.target, s.infoHash)
	return !s.bad
}

// aim takes for the Target what the method asks for. A method that we do not know may mean either
// (libtorrent's forward-compatibility note).
func (m *Message) aim(target, infoHash []byte) {
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

func (s *scanner) argument(m *Message, key []byte) {
	switch string(key) {
	case "id":
		id := s.id(m, "id")
		m.HasID = id != nil
		copy(m.ID[:], id)
	case "target":
		s.target = s.id(m, "target")
	case "info_hash":
		s.infoHash = s.id(m, "info_hash")
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
	case "bs":
		m.Bootstrap = s.number(m, "bs") != 0
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
		m.Rest = s.b
		s.skip()
	}
}

// want reads BEP 32's list of "n4" and "n6"; what else it holds is for later BEPs.
func (s *scanner) want(m *Message) {
	m.Want = 0
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
