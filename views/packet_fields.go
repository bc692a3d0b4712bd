package views

import (
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the fields of a packet.
const (
	fieldKey = iota
	fieldValue
	fieldBEP
	fieldMeans
)

var fieldColumns = [...]column{
	fieldKey:   {title: "field", width: 14, grow: 4},
	fieldValue: {title: "value", width: 20, grow: 200},
	fieldBEP:   {title: "BEP", width: 3, right: true, drop: 1},
	fieldMeans: {title: "what it means", width: 0},
}

// drawFields draws the fields as a tree.
func drawFields(a area, st *State, p *OpenPacket) {
	cols := fieldColumns
	if a.w >= roomForMeanings {
		cols[fieldValue].grow = a.w/3 - cols[fieldValue].width
		cols[fieldMeans].width, cols[fieldMeans].grow = 30, 200
	}
	hidden := HiddenBytes(p.Packet, p.Fields, a.mask())
	spans := layout(cols[:], 2, a.w-1)
	if a.h > 4 {
		header := a.takeTop(1)
		header.titles(cols[:], &spans)
	}
	list(a, st, FieldList, len(p.Fields), func(line area, row int) {
		f := &p.Fields[row]
		key := spans[fieldKey]
		role := theme.Title
		if f.Shape == dhtcore.Part || f.Index >= 0 {
			role = theme.Dim
		}
		indent := min(2*f.Depth, key.w/2)
		line.left(key.x+indent, 0, key.w-indent, role, fieldName(f))
		drawFieldValue(line.sub(spans[fieldValue].x, 0, spans[fieldValue].w, 1), st, f, hidden)
		if bep := spans[fieldBEP]; f.Meaning.BEP > 0 {
			line.right(bep.x, 0, bep.w, theme.Dim, string(strconv.AppendInt(line.scratch(), int64(f.Meaning.BEP), 10)))
		} else {
			line.right(bep.x, 0, bep.w, theme.Dim, "–")
		}
		if means := spans[fieldMeans]; means.w > 0 {
			drawMeaning(line.sub(means.x, 0, means.w, 1), p, f)
		}
	})
}

// fieldName is the key of a field, or its number in what holds it, from 1.
func fieldName(f *dhtcore.Field) string {
	switch {
	case f.Key != nil:
		return string(f.Key)
	case f.Index >= 0:
		return strconv.Itoa(f.Index + 1)
	case f.Shape == dhtcore.Debris:
		return "debris"
	default:
		return "message"
	}
}

// drawMeaning writes the sentence of a field: for a contact or a sample, where it lies.
func drawMeaning(a area, p *OpenPacket, f *dhtcore.Field) {
	if f.Shape != dhtcore.Part {
		a.left(0, 0, a.w, theme.Dim, f.Meaning.Text)
		return
	}
	drawShared(a, p, f)
}

// drawShared writes how many bits an ID shares with what its distance is reckoned from.
func drawShared(a area, p *OpenPacket, f *dhtcore.Field) {
	ref, name := reference(p, f)
	x := a.put(0, 0, theme.Dim, "shares ")
	x = a.number(x, 0, theme.Text, dhtcore.SharedBits(ref, f.ID))
	x = a.put(x, 0, theme.Dim, " bits with ", name)
	if ref == p.Target && ref != p.Self {
		x = a.put(x, 0, theme.Dim, ", ")
		x = a.number(x, 0, theme.Text, dhtcore.SharedBits(p.Self, f.ID))
		x = a.put(x, 0, theme.Dim, " with us")
		if more := ": bucket " + strconv.Itoa(dhtcore.SharedBits(p.Self, f.ID)) + " of our table"; x+len(more) <= a.w {
			a.put(x, 0, theme.Dim, more)
		}
	}
}

// drawFieldValue writes the value of a field in a line.
func drawFieldValue(a area, st *State, f *dhtcore.Field, hidden []bool) {
	switch {
	case f.Shape == dhtcore.Dict:
		x := a.number(0, 0, theme.Dim, int(f.Int))
		a.put(x, 0, theme.Dim, human.Plural(int(f.Int), " key", " keys"))
	case f.Shape == dhtcore.List, f.Int > 0 && f.Shape == dhtcore.Bytes:
		x := a.number(0, 0, theme.Dim, int(f.Int))
		a.put(x, 0, theme.Dim, human.Plural(int(f.Int), " member", " members"))
	case f.Shape == dhtcore.Integer:
		x := a.put(0, 0, theme.Text, string(strconv.AppendInt(a.scratch(), f.Int, 10)))
		drawNote(a, x, f)
	case f.HasID:
		drawIDValue(a, st, f)
	case f.Addr.IsValid():
		a.left(0, 0, a.w, theme.Text, string(text.AppendAddr(a.scratch(), f.Addr, st.privacy())))
	case hiddenIn(hidden, f):
		a.left(0, 0, a.w, theme.Dim, text.Hidden)
	default:
		drawBytesValue(a, f)
	}
}

// drawIDValue writes an ID, and the address of a contact, whole when there is room.
func drawIDValue(a area, st *State, f *dhtcore.Field) {
	if a.mask().Owns(f.ID) {
		a.left(0, 0, a.w, theme.Dim, "our own ID, masked")
		return
	}
	if !f.Addr.IsValid() {
		a.id(0, 0, theme.Text, f.ID, digitsFor(a.w))
		return
	}
	addr := string(text.AppendAddr(a.scratch(), f.Addr, st.privacy()))
	digits := 8
	if a.w >= 40+1+len(addr) {
		digits = 40
	}
	x := a.id(0, 0, theme.Text, f.ID, digits)
	a.left(x+1, 0, a.w-x-1, theme.Text, addr)
}

// digitsFor is how many digits of an ID to write in w cells: all 40, or an even number and an ellipsis.
func digitsFor(w int) int {
	if w >= 40 {
		return 40
	}
	return max(w-1, 0) &^ 1
}

// drawBytesValue writes a string as text where it is text, else in hexadecimal.
func drawBytesValue(a area, f *dhtcore.Field) {
	if len(f.Bytes) == 0 {
		a.left(0, 0, a.w, theme.Dim, "empty")
		return
	}
	if isText(f.Bytes) {
		x := a.put(0, 0, theme.Dim, "\"")
		shown := f.Bytes[:min(len(f.Bytes), 4*a.w)] // no rune is longer than 4 bytes
		x = a.put(x, 0, theme.Text, string(shown))
		drawNote(a, a.put(x, 0, theme.Dim, "\""), f)
		return
	}
	shown := f.Bytes[:min(len(f.Bytes), 20, max(a.w/2, 0))]
	x := a.put(0, 0, theme.Text, string(hex.AppendEncode(a.scratch(), shown)))
	if len(shown) < len(f.Bytes) {
		a.set(x, 0, theme.Text, text.Ellipsis)
		x = a.put(x+2, 0, theme.Dim, string(strconv.AppendInt(a.scratch(), int64(len(f.Bytes)), 10)), " bytes")
	}
	drawNote(a, x, f)
}

// drawNote writes what a value comes to after it.
func drawNote(a area, x int, f *dhtcore.Field) {
	if note := f.Note(); note != "" {
		a.left(x+2, 0, a.w-x-2, theme.Dim, note)
	}
	if x > a.w {
		a.set(a.w-1, 0, theme.Dim, text.Ellipsis)
	}
}

// isText tells whether a string is meant to be read: control characters are at most one in five, as in
// a text that would deceive the reader.
func isText(b []byte) bool {
	controls := 0
	for _, c := range b {
		if c < ' ' || c == 0x7f {
			controls++
		}
	}
	return utf8.Valid(b) && 5*controls <= len(b)
}
