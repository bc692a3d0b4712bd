package packets

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// because says which lookup a packet belongs to, and how we knew the node; "" where no lookup explains the packet. It is
// what the comments of a capture say (package report).
func because(a canvas.Area, st *screen.State, p *screen.OpenPacket) string {
	cause := p.Cause
	if cause == nil {
		return ""
	}
	b := append(a.Scratch(), "Why: "...)
	switch {
	case p.Method == dhtcore.AnnouncePeer:
		b = append(b, "announce after a lookup"...)
	case p.Method == dhtcore.Put:
		b = append(b, "put after a lookup"...)
	case cause.Lookup.Method == dhtcore.FindNode:
		b = append(b, "lookup of nodes"...)
	case cause.Lookup.Method == dhtcore.Get:
		b = append(b, "lookup of an item"...)
	default:
		b = append(b, "lookup"...)
	}
	b = strconv.AppendInt(append(b, ", round "...), int64(max(cause.Step.Round, 1)), 10)
	switch others := cause.Step.Referrers - 1; {
	case cause.Referrer.IsValid():
		b = text.AppendAddr(append(b, ", told by "...), cause.Referrer, st.Privacy())
		if others > 0 {
			b = append(append(b, " and "...), human.Amount(others, "other", "others")...)
		}
	case cause.Step.Referrer.Zero():
		b = append(b, ", a node known before"...)
	}
	return string(append(b, '.'))
}
