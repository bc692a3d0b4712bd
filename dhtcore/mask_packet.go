package dhtcore

import (
	"net"
	"net/netip"
	"strconv"

	"dhtop/dhtcore/wire"
)

// payload masks a packet: what is in it has pseudonyms, as long, in its place. What it is not known to hold is replaced
// as a whole.
func (m *Masker) payload(b []byte) []byte {
	out := append([]byte(nil), b...)
	section := "" // of the message
	for _, f := range wire.Explain(b) {
		if f.Depth == 1 {
			section = string(f.Key)
		}
		if f.Key != nil && !f.Meaning.Known {
			at := f.From + len(strconv.Itoa(len(f.Key))) + 1
			copy(out[at:at+len(f.Key)], m.key.Bytes(f.Key))
		}
		switch f.Shape {
		case wire.Bytes, wire.Part, wire.Malformed:
			copy(out[f.To-len(f.Bytes):f.To], m.field(&f, section))
		}
	}
	return out
}

// The longest of what is kept in a packet.
const (
	keptID     = 8  // a transaction ID
	keptClient = 4  // a client and its version
	keptMethod = 20 // the name of a method
)

// field returns what stands for a field in a section of a packet.
func (m *Masker) field(f *wire.Field, section string) []byte {
	switch {
	case f.HasID:
		id := m.key.ID(f.ID)
		return append(id[:], m.compact(f.Bytes[len(id):], f.Addr)...)
	case f.Addr.IsValid():
		return m.compact(f.Bytes, f.Addr)
	case f.Shape == wire.Bytes && m.tells(f, section):
		return f.Bytes
	}
	return m.key.Bytes(f.Bytes)
}

// tells reports whether a field says nothing of anybody.
func (m *Masker) tells(f *wire.Field, section string) bool {
	n := len(f.Bytes)
	switch text := string(f.Bytes); {
	case f.Depth == 1:
		return section == "t" && n <= keptID || section == "v" && n <= keptClient || section == "y" && n == 1 ||
			section == "q" && n <= keptMethod && isASCII(text)
	case section == "e" && f.Depth == 2:
		return isASCII(text) && m.text(text) == text
	default:
		return text == "n4" || text == "n6" // which contacts a query wants
	}
}

// compact returns the pseudonym of an address and its port in as many bytes.
func (m *Masker) compact(b []byte, addr netip.AddrPort) []byte {
	const portLen = 2
	ip := m.key.Addr(addr.Addr())
	switch {
	case !addr.IsValid():
	case len(b) == net.IPv4len+portLen && ip.Is4():
		return append(ip.AsSlice(), b[net.IPv4len:]...)
	case len(b) == net.IPv6len+portLen: // IPv4 may be in it
		wide := ip.As16()
		return append(wide[:], b[net.IPv6len:]...)
	}
	return m.key.Bytes(b)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
