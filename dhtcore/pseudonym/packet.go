package pseudonym

import (
	"net"
	"net/netip"
	"strconv"

	"dhtop/dhtcore/wire"
)

// Packet masks a message of the DHT: what is in it has pseudonyms, as long, in its place. What it is not known to hold is
// replaced as a whole. mask is what masks texts.
func (k *Key) Packet(b []byte, mask func(string) string) []byte {
	out := append([]byte(nil), b...)
	section := "" // of the message
	for _, f := range wire.Explain(b) {
		if f.Depth == 1 {
			section = string(f.Key)
		}
		if f.Key != nil && !f.Meaning.Known {
			at := f.From + len(strconv.Itoa(len(f.Key))) + 1
			copy(out[at:at+len(f.Key)], k.Bytes(f.Key))
		}
		switch f.Shape {
		case wire.Bytes, wire.Part, wire.Malformed:
			copy(out[f.To-len(f.Bytes):f.To], k.field(&f, section, mask))
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
func (k *Key) field(f *wire.Field, section string, mask func(string) string) []byte {
	switch {
	case f.HasID:
		id := k.ID(f.ID)
		return append(id[:], k.compact(f.Bytes[len(id):], f.Addr)...)
	case f.Addr.IsValid():
		return k.compact(f.Bytes, f.Addr)
	case f.Shape == wire.Bytes && tells(f, section, mask):
		return f.Bytes
	}
	return k.Bytes(f.Bytes)
}

// tells reports whether a field says nothing of anybody.
func tells(f *wire.Field, section string, mask func(string) string) bool {
	n := len(f.Bytes)
	switch text := string(f.Bytes); {
	case f.Depth == 1:
		return section == "t" && n <= keptID || section == "v" && n <= keptClient || section == "y" && n == 1 ||
			section == "q" && n <= keptMethod && isASCII(text)
	case section == "e" && f.Depth == 2:
		return isASCII(text) && mask(text) == text
	default:
		return text == "n4" || text == "n6" // which contacts a query wants
	}
}

// compact returns the pseudonym of an address and its port in as many bytes.
func (k *Key) compact(b []byte, addr netip.AddrPort) []byte {
	const portLen = 2
	ip := k.Addr(addr.Addr())
	switch {
	case !addr.IsValid():
	case len(b) == net.IPv4len+portLen && ip.Is4():
		return append(ip.AsSlice(), b[net.IPv4len:]...)
	case len(b) == net.IPv6len+portLen: // IPv4 may be in it
		wide := ip.As16()
		return append(wide[:], b[net.IPv6len:]...)
	}
	return k.Bytes(b)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
