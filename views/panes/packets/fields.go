package packets

import (
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/distance"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// fieldRow is what the cells of a line of the fields of a packet are drawn from.
type fieldRow struct {
	*dhtcore.Field
	p      *screen.OpenPacket
	st     *screen.State
	hidden []bool // bytes of the packet
}

// fieldColumns are those of the fields of a packet.
var fieldColumns = list.Table[fieldRow]{List: screen.FieldList, Columns: []list.Column[fieldRow]{
	{Title: "field", About: "The key as it stands in the packet, or the number in its list; what is inside is indented.",
		Width: 14, Grow: 4, Cell: drawFieldKey},
	{Title: "value", About: "As text where it is text, else in hexadecimal; contacts and addresses are decoded.",
		Width: 20, Want: 40, Grow: 200, Cell: drawFieldCell},
	{Title: "BEP", About: "The proposal that says what the field means.",
		Width: 3, Right: true, Drop: 1, Cell: drawBEP},
	{Title: "what it means", About: "In a sentence; for a contact or a sample, how many bits it shares with the target and with us.",
		Width: 30, Want: 70, Drop: 2,
		Cell: func(line canvas.Area, sp canvas.Span, r *fieldRow) {
			drawMeaning(line.Sub(sp.X, 0, sp.W, 1), r.p, r.Field)
		}},
}}

// drawFields draws the fields as a tree.
func drawFields(a canvas.Area, st *screen.State, p *screen.OpenPacket) {
	r := &fieldRow{p: p, st: st, hidden: text.HiddenBytes(p.Packet, p.Fields, a.Mask())}
	l := fieldColumns.Place(a.W, st, r)
	if a.H > 4 {
		fieldColumns.DrawHeader(a.TakeTop(1), st, &l)
	}
	fieldColumns.DrawRows(a, st, &l, len(p.Fields), r, func(r *fieldRow, i int) { r.Field = &p.Fields[i] })
}

// drawFieldKey draws the name of a field, further right the deeper it lies.
func drawFieldKey(line canvas.Area, sp canvas.Span, r *fieldRow) {
	role := theme.Title
	if r.Shape == dhtcore.Part || r.Index >= 0 {
		role = theme.Dim
	}
	indent := min(2*r.Depth, sp.W/2)
	line.Left(sp.X+indent, 0, sp.W-indent, role, fieldName(r.Field))
}

func drawFieldCell(line canvas.Area, sp canvas.Span, r *fieldRow) {
	drawFieldValue(line.Sub(sp.X, 0, sp.W, 1), r.st, r.Field, r.hidden)
}

func drawBEP(line canvas.Area, sp canvas.Span, r *fieldRow) {
	if r.Meaning.BEP == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.Right(sp.X, 0, sp.W, theme.Dim, string(strconv.AppendInt(line.Scratch(), int64(r.Meaning.BEP), 10)))
}

// fieldName is the key of a field, or its number in what holds it, from 1.
func fieldName(f *dhtcore.Field) string {
	switch {
	case f.Key != nil:
		return string(f.Key)
	case f.Index >= 0:
		return strconv.Itoa(f.Index + 1)
	case f.Shape == dhtcore.Malformed:
		return "malformed"
	default:
		return "message"
	}
}

// drawMeaning writes the sentence of a field: for a contact or a sample, where it lies.
func drawMeaning(a canvas.Area, p *screen.OpenPacket, f *dhtcore.Field) {
	if f.Shape != dhtcore.Part {
		a.Left(0, 0, a.W, theme.Dim, f.Meaning.Text)
		return
	}
	drawShared(a, p, f)
}

// drawShared writes how many bits an ID shares with what its distance is reckoned from.
func drawShared(a canvas.Area, p *screen.OpenPacket, f *dhtcore.Field) {
	ref, name := reference(p, f)
	x := a.Put(0, 0, theme.Dim, "shares ")
	x = a.Number(x, 0, theme.Text, dhtcore.SharedBits(ref, f.ID))
	x = a.Put(x, 0, theme.Dim, " bits with ", name)
	if ref == p.Target && ref != p.Self {
		x = a.Put(x, 0, theme.Dim, ", ")
		x = a.Number(x, 0, theme.Text, dhtcore.SharedBits(p.Self, f.ID))
		x = a.Put(x, 0, theme.Dim, " with us")
		if more := ": bucket " + strconv.Itoa(dhtcore.SharedBits(p.Self, f.ID)) + " of our table"; x+len(more) <= a.W {
			a.Put(x, 0, theme.Dim, more)
		}
	}
}

// drawFieldValue writes the value of a field in a line.
func drawFieldValue(a canvas.Area, st *screen.State, f *dhtcore.Field, hidden []bool) {
	switch {
	case f.Shape == dhtcore.Dict:
		x := a.Number(0, 0, theme.Dim, int(f.Int))
		a.Put(x, 0, theme.Dim, human.Plural(int(f.Int), " key", " keys"))
	case f.Shape == dhtcore.List, f.Int > 0 && f.Shape == dhtcore.Bytes:
		x := a.Number(0, 0, theme.Dim, int(f.Int))
		a.Put(x, 0, theme.Dim, human.Plural(int(f.Int), " member", " members"))
	case f.Shape == dhtcore.Integer:
		x := a.Put(0, 0, theme.Text, string(strconv.AppendInt(a.Scratch(), f.Int, 10)))
		drawNote(a, x, f)
	case f.HasID:
		drawIDValue(a, st, f)
	case f.Addr.IsValid():
		a.Left(0, 0, a.W, theme.Text, string(text.AppendAddr(a.Scratch(), f.Addr, st.Privacy())))
	case hiddenIn(hidden, f):
		a.Left(0, 0, a.W, theme.Dim, text.Hidden)
	default:
		drawBytesValue(a, f)
	}
}

// drawIDValue writes an ID, and the address of a contact, whole when there is room.
func drawIDValue(a canvas.Area, st *screen.State, f *dhtcore.Field) {
	if a.Mask().Owns(f.ID) {
		a.Left(0, 0, a.W, theme.Dim, "our own ID, masked")
		return
	}
	if !f.Addr.IsValid() {
		a.ID(0, 0, theme.Text, f.ID, distance.Digits(a.W))
		return
	}
	addr := string(text.AppendAddr(a.Scratch(), f.Addr, st.Privacy()))
	digits := 8
	if a.W >= 40+1+len(addr) {
		digits = 40
	}
	x := a.ID(0, 0, theme.Text, f.ID, digits)
	a.Left(x+1, 0, a.W-x-1, theme.Text, addr)
}

// drawBytesValue writes a string as text where it is text, else in hexadecimal.
func drawBytesValue(a canvas.Area, f *dhtcore.Field) {
	if len(f.Bytes) == 0 {
		a.Left(0, 0, a.W, theme.Dim, "empty")
		return
	}
	if isText(f.Bytes) {
		x := a.Put(0, 0, theme.Dim, "\"")
		shown := f.Bytes[:min(len(f.Bytes), 4*a.W)] // no rune is longer than 4 bytes
		x = a.Put(x, 0, theme.Text, string(shown))
		drawNote(a, a.Put(x, 0, theme.Dim, "\""), f)
		return
	}
	shown := f.Bytes[:min(len(f.Bytes), 20, max(a.W/2, 0))]
	x := a.Put(0, 0, theme.Text, string(hex.AppendEncode(a.Scratch(), shown)))
	if len(shown) < len(f.Bytes) {
		a.Set(x, 0, theme.Text, text.Ellipsis)
		x = a.Put(x+2, 0, theme.Dim, string(strconv.AppendInt(a.Scratch(), int64(len(f.Bytes)), 10)), " bytes")
	}
	drawNote(a, x, f)
}

// drawNote writes what a value comes to after it.
func drawNote(a canvas.Area, x int, f *dhtcore.Field) {
	if note := f.Note(); note != "" {
		a.Left(x+2, 0, a.W-x-2, theme.Dim, note)
	}
	if x > a.W {
		a.Set(a.W-1, 0, theme.Dim, text.Ellipsis)
	}
}

// isText reports whether a string is meant to be read: control characters are at most one in five, as in
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

// hiddenIn reports whether a byte of the content of a field is hidden.
func hiddenIn(hidden []bool, f *dhtcore.Field) bool {
	for i := f.To - len(f.Bytes); hidden != nil && i < f.To; i++ {
		if hidden[i] {
			return true
		}
	}
	return false
}
