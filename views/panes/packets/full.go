package packets

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// dumpMost bounds the lines of the bytes of a packet: no datagram is longer.
const dumpMost = 64 << 10 / 8

// drawFull draws a packet as a text with nothing left out: what it is, what the selected field means,
// its distance worked out, and all bytes.
func drawFull(a canvas.Area, st *screen.State, p *screen.OpenPacket) {
	perLine := 16
	if a.W < bytesWidth(16) {
		perLine = 8
	}
	dump := min((len(p.Payload)+perLine-1)/perLine, dumpMost)
	field := st.Field(p)
	a.Viewport(st.Scroll, canvas.MostLines+dump, title(a, st, p), times(a, p), func(a canvas.Area) int {
		f := &canvas.Facts{Area: a}
		f.Y = packetSummary(a, st, p)
		if a.W < list.RoomForTitleID {
			f.Value(p.Way.String(), string(text.AppendAddr(a.Scratch(), p.Addr, st.Privacy())))
		}
		writeField(f, st, p, field)
		drawBytesFrom(f.Section("bytes", bytesNote(a, p)), p, field, perLine, 0)
		return f.Y + dump
	})
}

// writeField says all of a field.
func writeField(f *canvas.Facts, st *screen.State, p *screen.OpenPacket, field *dhtcore.Field) {
	bep := ""
	if field.Meaning.BEP > 0 {
		bep = "BEP " + strconv.Itoa(field.Meaning.BEP)
	}
	value := fieldText(f.Area, st, p, field)
	below := f.Section(fieldPath(f.Area, p, st.Lists[screen.FieldList].Row), bep)
	below = below.Sub(1, 0, below.W-2, below.H)
	lines := below.Wrap(0, theme.Text, fieldSentence(field))
	f.Y += lines
	if value != "" {
		f.Y++
		was := f.Y
		f.Value("value", value)
		lines += 1 + f.Y - was
	}
	if field.HasID {
		below.TakeTop(lines + 1)
		if worked := drawDistance(below, p, field); worked > 0 {
			f.Y += 1 + worked
		}
	}
}

// fieldText is the whole value of a field where it is more than bytes; "" for those.
func fieldText(a canvas.Area, st *screen.State, p *screen.OpenPacket, field *dhtcore.Field) string {
	switch {
	case field.Shape == dhtcore.Integer:
		return strconv.FormatInt(field.Int, 10)
	case field.HasID && a.Mask().Owns(field.ID):
		return "our own ID, masked"
	case field.HasID && field.Addr.IsValid():
		return field.ID.String() + " " + string(text.AppendAddr(a.Scratch(), field.Addr, st.Privacy()))
	case field.HasID:
		return field.ID.String()
	case field.Addr.IsValid():
		return string(text.AppendAddr(a.Scratch(), field.Addr, st.Privacy()))
	case hiddenIn(text.HiddenBytes(p.Packet, p.Fields, a.Mask()), field):
		return text.Hidden
	case field.Shape == dhtcore.Bytes && field.Int == 0 && isText(field.Bytes):
		return string(field.Bytes)
	}
	return ""
}
