package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
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
func drawPacket(a area, st *State, p *OpenPacket) {
	a = a.heading(packetTitle(a, st, p), packetTimes(a, p)...)
	h := a.h
	if h >= roomForSummary {
		lines := packetSummary(a.sub(0, 0, a.w, 0), p) // only measured
		packetSummary(a.takeTop(min(lines, 1+h/(2*roomForBytes))), p)
	}
	f := st.field(p)
	if a.w >= roomForMeanings {
		bottom := a.takeBottom(max(min(max(h*2/5, 10), 22), a.h-len(p.Fields)-2))
		perLine := 16
		if a.w < roomForDump {
			perLine = 8
		}
		left := bottom.takeLeft(bottom.w - bytesWidth(perLine) - 1)
		drawFieldInFull(left, st, p, f)
		drawBytes(bottom.heading("bytes", bytesNote(a, p)), p, f, perLine)
		drawFields(a, st, p)
		return
	}
	perLine := 16
	if a.w < bytesWidth(16) {
		perLine = 8
	}
	switch {
	case h < roomForBytes-4:
		lines := a.takeBottom(2)
		lines = lines.sub(1, 0, lines.w-2, 2)
		if lines.wrap(0, theme.Text, fieldSentence(f)); f.HasID {
			lines = lines.row(1)
			lines.fill(0, 0, lines.w, theme.Text, ' ')
			drawShared(lines, p, f)
		}
	case h < roomForBytes:
		drawFieldInFull(a.takeBottom(4), st, p, f)
	case f.HasID:
		drawFieldInFull(a.takeBottom(max(h*11/20, 1+xorLines)), st, p, f)
	default:
		rest := a.takeBottom(max(max(h/4, 3)+4, a.h-len(p.Fields)-2))
		said := rest.sub(1, 0, rest.w-2, 0).wrap(0, theme.Text, fieldSentence(f)) // only measured
		drawFieldInFull(rest.takeTop(1+said), st, p, f)
		drawBytes(rest.heading("bytes", bytesNote(a, p)), p, f, perLine)
	}
	drawFields(a, st, p)
}

func packetTitle(a area, st *State, p *OpenPacket) string {
	b := a.scratch()
	if p.Way == dhtcore.In {
		b = append(b, "from "...)
	} else {
		b = append(b, "to "...)
	}
	return string(text.AppendAddr(b, p.Addr, st.privacy()))
}

// packetTimes say when and how large, in many words and in few.
func packetTimes(a area, p *OpenPacket) []string {
	b := append(strconv.AppendInt(a.scratch(), int64(p.Size), 10), " bytes"...)
	short := len(b)
	b = p.At.AppendFormat(append(b, " · "...), "15:04:05.000")
	note := string(b)
	return []string{note, note[:short]}
}

// packetSummary writes in a sentence what a packet is and returns how many lines it took.
func packetSummary(a area, p *OpenPacket) int {
	return a.sub(1, 0, a.w-2, a.h).wrap(0, theme.Text, summary(a, p))
}

func summary(a area, p *OpenPacket) string {
	who, whom := "They", "us"
	if p.Way == dhtcore.Out {
		who, whom = "We", "them"
	}
	method := a.mask().Text(p.MethodName()) // before it is cut
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
			return who + verb + whom + "; the query was not seen or is forgotten."
		}
		return who + verb + method + about + took + "."
	default:
		return who + " sent what is no KRPC message: it is counted and dropped."
	}
}

// drawFieldInFull writes what the selected field means, and works its distance out when it is an ID.
func drawFieldInFull(a area, st *State, p *OpenPacket, f *dhtcore.Field) {
	bep := ""
	if f.Meaning.BEP > 0 {
		bep = "BEP " + strconv.Itoa(f.Meaning.BEP)
	}
	a = a.heading(fieldPath(a, p, st.Lists[FieldList].Row), bep)
	inner := a.sub(1, 0, a.w-2, a.h)
	used := inner.sub(0, 0, inner.w, 0).wrap(0, theme.Text, fieldSentence(f)) // only measured
	if !f.HasID || inner.h >= used+xorLines {
		inner.takeTop(used).wrap(0, theme.Text, fieldSentence(f))
	}
	if f.HasID {
		if inner.h > xorLines+2 {
			inner.takeTop(1)
		}
		drawWork(inner, p, f)
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
func fieldPath(a area, p *OpenPacket, row int) string {
	row = clampRow(row, len(p.Fields))
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
	return text.Cut(a.mask().Text(path), max(a.w-10, 4))
}
