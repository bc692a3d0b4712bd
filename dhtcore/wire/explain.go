package wire

import "net/netip"

// Shape is the form of a Field.
type Shape uint8

// The shapes. The first four are those of bencode.
const (
	Dict Shape = iota
	List
	Integer
	Bytes
	Part      // a record of a compact form
	Malformed // cannot be read
)

// Field is one value of a packet, explained to a person: a value of bencode, or a record of a compact form such as
// one contact of "nodes". Its slices alias the packet.
type Field struct {
	Depth    int // of nesting: 0 for the message itself
	Shape    Shape
	Key      []byte // in its dictionary, as sent; nil elsewhere
	Index    int    // in its list or compact form, from 0; -1 elsewhere
	From, To int    // its range in the packet, key and length prefix included
	Bytes    []byte // of Bytes, Part and Malformed: the content
	Int      int64  // of Integer: the value; of Dict and List: the number of members
	Meaning  Meaning

	// The content of IDs and compact forms. The address, if there is one, is at the end of Bytes.
	ID    ID
	HasID bool
	Addr  netip.AddrPort
}

// The limits of Explain. A packet of 1,400 bytes can hold as many lists, and nobody scrolls through them.
const (
	maxExplained = 512      // fields
	maxNested    = maxDepth // values within values
)

// Explain returns the fields of packet with their meanings, each field before its members. It reads as far as it can:
// what is not bencode, is nested too deep or exceeds the limit on fields becomes one Malformed field at the end.
func Explain(packet []byte) []Field {
	x := explainer{scanner: scanner{b: packet}, fields: make([]Field, 0, 64)}
	x.value(Field{Index: -1, Meaning: message}, asMessage)
	if x.i < len(packet) || x.bad {
		rest := Field{Shape: Malformed, Index: -1, From: x.i, To: len(packet), Bytes: packet[x.i:], Meaning: notBencode}
		if !x.bad {
			rest.Meaning = trailing
		}
		x.fields = append(x.fields, rest)
	}
	return x.fields
}

// explainer is a scanner that records what it reads.
type explainer struct {
	scanner
	fields []Field
}

// value reads one value into f; where is its place in the message. After an error, what could not be read is left for
// the Malformed field.
func (x *explainer) value(f Field, where place) {
	if len(x.fields) >= maxExplained || f.Depth > maxNested {
		x.bad, x.i = true, f.From
		return
	}
	n := len(x.fields)
	x.fields = append(x.fields, f)
	switch {
	case x.at('d'), x.at('l'):
		x.container(n, where)
	case x.at('i'):
		x.fields[n].Shape = Integer
		x.fields[n].Int = x.integer()
	default:
		x.fields[n].Shape = Bytes
		x.fields[n].Bytes, _ = x.str()
	}
	if x.bad && x.fields[n].Shape >= Integer {
		x.fields, x.i = x.fields[:n], f.From
		return
	}
	x.fields[n].To = x.i
	if !x.bad && x.fields[n].Shape == Bytes {
		x.takeApart(n, where)
	}
}

// container reads the members of field n, a dictionary or list.
func (x *explainer) container(n int, where place) {
	depth := x.fields[n].Depth + 1
	dict := x.at('d')
	if !dict {
		x.fields[n].Shape = List
	}
	x.i++
	for i := 0; x.more(); i++ {
		member := Field{Depth: depth, Index: i, From: x.i}
		inner := where.member()
		if dict {
			key, ok := x.str()
			if !ok {
				x.i = member.From
				return
			}
			member.Key, member.Index = key, -1
			inner = where.under(key)
		}
		member.Meaning = meaningOf(where, member.Key)
		x.value(member, inner)
		if x.bad {
			return
		}
		x.fields[n].Int++
	}
}

// takeApart adds the records of field n if it is a compact form, or its ID or address.
func (x *explainer) takeApart(n int, where place) {
	f := &x.fields[n]
	switch where {
	case asID:
		f.HasID = len(f.Bytes) == len(ID{})
		copy(f.ID[:], f.Bytes)
	case asAddr:
		f.Addr, _ = ParseAddr(f.Bytes)
	case asContacts4:
		x.parts(n, contactLen4, contactPart)
	case asContacts6:
		x.parts(n, contactLen6, contactPart)
	case asSamples:
		x.parts(n, len(ID{}), samplePart)
	}
}

// parts adds the records of size bytes of field n; none when its length is not a multiple of size.
func (x *explainer) parts(n, size int, m Meaning) {
	f := x.fields[n]
	if len(f.Bytes)%size != 0 {
		return
	}
	x.fields[n].Int = int64(len(f.Bytes) / size)
	start := f.To - len(f.Bytes)
	for i := 0; (i+1)*size <= len(f.Bytes); i++ {
		if len(x.fields) >= maxExplained {
			return
		}
		b := f.Bytes[i*size : (i+1)*size : (i+1)*size]
		part := Field{Depth: f.Depth + 1, Shape: Part, Index: i, From: start + i*size, To: start + (i+1)*size,
			Bytes: b, Meaning: m, ID: ID(b), HasID: true}
		part.Addr, _ = ParseAddr(b[len(ID{}):])
		x.fields = append(x.fields, part)
	}
}
