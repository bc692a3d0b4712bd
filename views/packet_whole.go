package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// dumpMost bounds the lines of the bytes of a packet: no datagram is longer.
const dumpMost = 64 << 10 / 8

// drawPacketPage draws a packet as a text with nothing left out: what it is, what the selected field means,
// its distance worked out, and all bytes.
func drawPacketPage(a area, st *State, p *OpenPacket) {
	perLine := 16
	if a.w < bytesWidth(16) {
		perLine = 8
	}
	dump := min((len(p.Payload)+perLine-1)/perLine, dumpMost)
	field := st.field(p)
	a.page(st.Scroll, pageMost+dump, packetTitle(a, st, p), packetTimes(a, p), func(a area) int {
		f := &facts{a: a}
		f.y = packetSummary(a, p)
		if a.w < roomForWholeID {
			f.value(p.Way.String(), string(text.AppendAddr(a.scratch(), p.Addr, st.privacy())))
		}
		f.field(st, p, field)
		drawBytesFrom(f.section("bytes", bytesNote(a, p)), p, field, perLine, 0)
		return f.y + dump
	})
}

// field says all of a field.
func (f *facts) field(st *State, p *OpenPacket, field *dhtcore.Field) {
	bep := ""
	if field.Meaning.BEP > 0 {
		bep = "BEP " + strconv.Itoa(field.Meaning.BEP)
	}
	value := fieldText(f.a, st, p, field)
	below := f.section(fieldPath(f.a, p, st.Lists[FieldList].Row), bep)
	below = below.sub(1, 0, below.w-2, below.h)
	lines := below.wrap(0, theme.Text, fieldSentence(field))
	f.y += lines
	if value != "" {
		f.y++
		was := f.y
		f.value("value", value)
		lines += 1 + f.y - was
	}
	if field.HasID {
		below.takeTop(lines + 1)
		if worked := drawWork(below, p, field); worked > 0 {
			f.y += 1 + worked
		}
	}
}

// fieldText is the whole value of a field where it is more than bytes; "" for those.
func fieldText(a area, st *State, p *OpenPacket, field *dhtcore.Field) string {
	switch {
	case field.Shape == dhtcore.Integer:
		return strconv.FormatInt(field.Int, 10)
	case field.HasID && a.mask().Owns(field.ID):
		return "our own ID, masked"
	case field.HasID && field.Addr.IsValid():
		return field.ID.String() + " " + string(text.AppendAddr(a.scratch(), field.Addr, st.privacy()))
	case field.HasID:
		return field.ID.String()
	case field.Addr.IsValid():
		return string(text.AppendAddr(a.scratch(), field.Addr, st.privacy()))
	case hiddenIn(HiddenBytes(p.Packet, p.Fields, a.mask()), field):
		return text.Hidden
	case field.Shape == dhtcore.Bytes && field.Int == 0 && isText(field.Bytes):
		return string(field.Bytes)
	}
	return ""
}
