package packets

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the fields of a packet.
const (
	roomForMeanings = 110 // cells: what each field means, beside it
	roomForDump     = 150 // 16 bytes a line beside what the selected field means
	roomForSummary  = 9   // lines
	roomForBytes    = 12  // the bytes below the fields
)

// drawPacket draws one packet taken apart: what it is, its fields, what the selected one means, and the
// bytes.
func drawPacket(a canvas.Area, st *screen.State, p *screen.OpenPacket) {
	a = a.Heading(title(a, st, p), times(a, p)...)
	h := a.H
	if h >= roomForSummary {
		lines := packetSummary(a.Sub(0, 0, a.W, 0), st, p) // only measured
		most := 1 + h/(2*roomForBytes)
		if p.Cause != nil && h >= roomForBytes {
			most++
		}
		packetSummary(a.TakeTop(min(lines, most)), st, p)
	}
	f := st.Field(p)
	if a.W >= roomForMeanings {
		bottom := a.TakeBottom(max(min(max(h*2/5, 10), 22), a.H-len(p.Fields)-2))
		perLine := 16
		if a.W < roomForDump {
			perLine = 8
		}
		left := bottom.TakeLeft(bottom.W - bytesWidth(perLine) - 1)
		drawFieldInFull(left, st, p, f)
		drawBytes(bottom.Heading("bytes", bytesNote(a, p)), p, f, perLine)
		drawFields(a, st, p)
		return
	}
	perLine := 16
	if a.W < bytesWidth(16) {
		perLine = 8
	}
	switch {
	case h < roomForBytes-4:
		lines := a.TakeBottom(2)
		lines = lines.Sub(1, 0, lines.W-2, 2)
		if lines.Wrap(0, theme.Text, fieldSentence(f)); f.HasID {
			lines = lines.Row(1)
			lines.Fill(0, 0, lines.W, theme.Text, ' ')
			drawShared(lines, p, f)
		}
	case h < roomForBytes:
		drawFieldInFull(a.TakeBottom(4), st, p, f)
	case f.HasID:
		drawFieldInFull(a.TakeBottom(max(h*11/20, 1+xorLines)), st, p, f)
	default:
		rest := a.TakeBottom(max(max(h/4, 3)+4, a.H-len(p.Fields)-2))
		said := rest.Sub(1, 0, rest.W-2, 0).Wrap(0, theme.Text, fieldSentence(f)) // only measured
		drawFieldInFull(rest.TakeTop(1+said), st, p, f)
		drawBytes(rest.Heading("bytes", bytesNote(a, p)), p, f, perLine)
	}
	drawFields(a, st, p)
}

func title(a canvas.Area, st *screen.State, p *screen.OpenPacket) string {
	b := a.Scratch()
	if p.Way == dhtcore.In {
		b = append(b, "from "...)
	} else {
		b = append(b, "to "...)
	}
	return string(text.AppendAddr(b, p.Addr, st.Privacy()))
}

// times say when and how large, in many words and in few.
func times(a canvas.Area, p *screen.OpenPacket) []string {
	b := append(strconv.AppendInt(a.Scratch(), int64(p.Size), 10), " bytes"...)
	short := len(b)
	b = p.At.AppendFormat(append(b, " · "...), "15:04:05.000")
	note := string(b)
	return []string{note, note[:short]}
}

// packetSummary writes what a packet is, and why it was sent, and returns how many lines it took.
func packetSummary(a canvas.Area, st *screen.State, p *screen.OpenPacket) int {
	says := summary(a, p)
	if why := because(a, st, p); why != "" {
		says += " " + why
	}
	return a.Sub(1, 0, a.W-2, a.H).Wrap(0, theme.Text, says)
}

func summary(a canvas.Area, p *screen.OpenPacket) string {
	who, whom := "They", "us"
	if p.Way == dhtcore.Out {
		who, whom = "We", "them"
	}
	method := a.Mask().Text(p.MethodName()) // before it is cut
	about := ""
	if p.HasTarget {
		about = " about " + text.Prefix(p.Target, 8)
	}
	took := ""
	if p.Took > 0 {
		took = " after " + human.Duration(p.Took)
	}
	switch p.Kind {
	case dhtcore.KindQuery:
		return who + " ask " + whom + about + ": " + text.Cut(method, 24) + "."
	case dhtcore.KindReply, dhtcore.KindError:
		verb := " answer "
		if p.Kind == dhtcore.KindError {
			verb = " refuse "
		}
		if method == "" {
			return who + verb + whom + "; the query was not recorded."
		}
		return who + verb + method + about + took + "."
	default:
		return who + " sent something that is not a KRPC message. It is counted and dropped."
	}
}

// drawFieldInFull writes what the selected field means, and works its distance out when it is an ID.
func drawFieldInFull(a canvas.Area, st *screen.State, p *screen.OpenPacket, f *dhtcore.Field) {
	bep := ""
	if f.Meaning.BEP > 0 {
		bep = "BEP " + strconv.Itoa(f.Meaning.BEP)
	}
	a = a.Heading(fieldPath(a, p, st.Lists[screen.FieldList].Row), bep)
	inner := a.Sub(1, 0, a.W-2, a.H)
	used := inner.Sub(0, 0, inner.W, 0).Wrap(0, theme.Text, fieldSentence(f)) // only measured
	if !f.HasID || inner.H >= used+xorLines {
		inner.TakeTop(used).Wrap(0, theme.Text, fieldSentence(f))
	}
	if f.HasID {
		if inner.H > xorLines+2 {
			inner.TakeTop(1)
		}
		drawDistance(inner, p, f)
	}
}

// fieldSentence is what a field means and what its value comes to.
func fieldSentence(f *dhtcore.Field) string {
	if note := f.Note(); note != "" {
		return f.Meaning.Text + " Here: " + note + "."
	}
	return f.Meaning.Text
}

// fieldPath names a field by those that hold it: "r nodes 3".
func fieldPath(a canvas.Area, p *screen.OpenPacket, row int) string {
	row = screen.Clamp(row, len(p.Fields))
	f := &p.Fields[row]
	if f.Depth == 0 {
		return fieldName(f)
	}
	path := fieldName(f)
	for depth := f.Depth; row > 0 && depth > 1; row-- {
		if up := &p.Fields[row-1]; up.Depth == depth-1 {
			depth--
			path = fieldName(up) + " " + path
		}
	}
	return text.Cut(a.Mask().Text(path), max(a.W-10, 4))
}
