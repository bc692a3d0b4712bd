package journal

import (
	"encoding/hex"
	"net/netip"
	"strconv"

	"dhtop/dhtcore/filter"
	"dhtop/dhtcore/wire"
)

// PacketRow is a packet and its content, as a filter sees them.
type PacketRow struct {
	*Packet
	Message *wire.Message // the scanned packet; zero if it is not KRPC
}

// PacketFilter selects packets. See package filter.
type PacketFilter = filter.Filter[PacketRow]

// PacketColumns is what filters can ask of a packet.
var PacketColumns = filter.Table[PacketRow]{
	{Field: filter.Field{Name: "way", Kind: filter.Enum, Help: "received or sent", Values: []string{"in", "out"}},
		Text: func(dst []byte, r *PacketRow) []byte { return append(dst, r.Way.String()...) }},
	{Field: filter.Field{Name: "kind", Kind: filter.Enum, Help: "of message; none: not KRPC",
		Values: []string{"query", "reply", "error", "none"}},
		Text: func(dst []byte, r *PacketRow) []byte { return append(dst, KindName(r.Kind)...) }},
	{Field: filter.Field{Name: "method", Kind: filter.Enum, Help: "of the query, or of the one that it answers",
		Values: methodNames()},
		Text: appendMethod},
	{Field: filter.Field{Name: "about", Aliases: []string{"hash", "target", "info_hash"}, Help: "hash or ID that it asks for"},
		Text: func(dst []byte, r *PacketRow) []byte {
			if !r.HasTarget {
				return dst
			}
			return hex.AppendEncode(dst, r.Target[:])
		}},
	{Field: filter.Field{Name: "addr", Aliases: []string{"address"}, Help: "address of the other side"},
		Text: func(dst []byte, r *PacketRow) []byte { return appendAddr(dst, r.Addr) }},
	{Field: filter.Field{Name: "net", Kind: filter.Net, Help: "start or network of that address", Aside: true},
		Text: func(dst []byte, r *PacketRow) []byte { return appendAddr(dst, r.Addr) },
		Addr: func(r *PacketRow) netip.AddrPort { return r.Addr }},
	{Field: filter.Field{Name: "port", Kind: filter.Number, Help: "of the other side"},
		Number: func(r *PacketRow) float64 { return float64(r.Addr.Port()) }},
	{Field: filter.Field{Name: "carries", Help: "nodes, peers, samples, token, the text of an error"}, Text: appendCargo},
	{Field: filter.Field{Name: "bytes", Aliases: []string{"size"}, Kind: filter.Number, Help: "size of the datagram"},
		Number: func(r *PacketRow) float64 { return float64(r.Size) }},
	{Field: filter.Field{Name: "ms", Aliases: []string{"rtt", "took"}, Kind: filter.Duration, Help: "from the query to this reply"},
		Number: func(r *PacketRow) float64 { return filter.Seconds(r.Took) }},
	{Field: filter.Field{Name: "client", Help: "of the sender, as it says"},
		Text: func(dst []byte, r *PacketRow) []byte { return wire.AppendClientName(dst, r.Message.Version) }},
	{Field: filter.Field{Name: "id", Aliases: []string{"node", "sender"}, Help: "node ID of the sender"},
		Text: func(dst []byte, r *PacketRow) []byte {
			if !r.Message.HasID {
				return dst
			}
			return hex.AppendEncode(dst, r.Message.ID[:])
		}},
	{Field: filter.Field{Name: "code", Kind: filter.Number, Help: "of an error"},
		Number: func(r *PacketRow) float64 { return filter.Known(float64(r.Message.Code), r.Kind == wire.KindError) }},
}

// ParsePacketFilter parses a filter of packets; nil for one that says nothing.
func ParsePacketFilter(s string) (*PacketFilter, error) { return PacketColumns.Parse(s) }

// methodNames are the methods that have a name of ours.
func methodNames() (names []string) {
	for m := wire.MethodUnknown + 1; m < wire.Methods; m++ {
		names = append(names, m.String())
	}
	return names
}

func appendMethod(dst []byte, r *PacketRow) []byte {
	switch {
	case r.Kind == wire.KindQuery && len(r.Message.Name) > 0:
		return append(dst, r.Message.Name...)
	case r.Kind == wire.KindQuery, r.Took > 0, r.Method != wire.MethodUnknown:
		return append(dst, r.Method.String()...)
	}
	return dst
}

func appendAddr(dst []byte, addr netip.AddrPort) []byte {
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()).AppendTo(dst)
}

// appendCargo appends what a reply or an error carries, as the log says it.
func appendCargo(dst []byte, r *PacketRow) []byte {
	m := r.Message
	if r.Kind == wire.KindError {
		return append(append(strconv.AppendInt(dst, m.Code, 10), ' '), m.Text...)
	}
	if r.Kind != wire.KindReply {
		return dst
	}
	const contact4, contact6 = 26, 38
	from := len(dst)
	for _, part := range [...]struct {
		n    int
		word string
	}{
		{len(m.Nodes)/contact4 + len(m.Nodes6)/contact6, " node"},
		{countStrings(m.Values), " peer"},
		{len(m.Samples) / len(wire.ID{}), " sample"},
	} {
		if part.n == 0 {
			continue
		}
		dst = append(strconv.AppendInt(separate(dst, from), int64(part.n), 10), part.word...)
		if part.n > 1 {
			dst = append(dst, 's')
		}
	}
	if len(m.Token) > 0 {
		dst = append(separate(dst, from), "token"...)
	}
	return dst
}

// separate appends a comma after what dst has since it had from bytes.
func separate(dst []byte, from int) []byte {
	if len(dst) == from {
		return dst
	}
	return append(dst, ", "...)
}

// countStrings returns how many strings a list has, whose elements are bencoded.
func countStrings(list []byte) (n int) {
	for len(list) > 0 {
		length := 0
		for len(list) > 0 && list[0] >= '0' && list[0] <= '9' && length < MaxPayload {
			length, list = 10*length+int(list[0]-'0'), list[1:]
		}
		if length >= len(list) { // there is the colon, too
			return n
		}
		list = list[1+length:]
		n++
	}
	return n
}

// KindName returns the word for a kind of message: "query", "reply", "error" or "none".
func KindName(k wire.Kind) string {
	switch k {
	case wire.KindQuery:
		return "query"
	case wire.KindReply:
		return "reply"
	case wire.KindError:
		return "error"
	default:
		return "none"
	}
}
