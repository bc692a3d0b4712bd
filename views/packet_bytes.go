package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// bytesWidth is the width of a dump with so many bytes a line: offset, hexadecimal, characters.
func bytesWidth(perLine int) int { return 1 + offsetWidth + 3*perLine + 2 + perLine + 1 }

// offsetWidth is that of the offset and the bracket after it.
const offsetWidth = 5

func bytesNote(a area, p *OpenPacket) string {
	if len(p.Payload) == p.Size {
		return ""
	}
	return "the first " + string(strconv.AppendInt(a.g.tmp[:0], int64(len(p.Payload)), 10))
}

// drawBytes draws the bytes of a packet, those of the selected field in brackets and in colour, from the
// line on that shows where it begins.
func drawBytes(a area, st *State, p *OpenPacket, f *dhtcore.Field, perLine int) {
	var hidden []bool
	if st.Mask {
		hidden = hiddenBytes(p)
	}
	lines := (len(p.Payload) + perLine - 1) / perLine
	top := max(min(f.From/perLine-1, lines-a.h), 0)
	for y := 0; y < a.h && top+y < lines; y++ {
		drawByteLine(a.row(y), p, f, hidden, (top+y)*perLine, perLine)
	}
}

func drawByteLine(line area, p *OpenPacket, f *dhtcore.Field, hidden []bool, from, perLine int) {
	const digits = "0123456789abcdef"
	for i := range 4 {
		line.set(1+i, 0, theme.Dim, rune(digits[from>>(12-4*i)&15]))
	}
	chars := 1 + offsetWidth + 3*perLine + 1
	for i := range min(perLine, len(p.Payload)-from) {
		at, c := from+i, p.Payload[from+i]
		role, x := theme.Dim, 1+offsetWidth+3*i
		if at >= f.From && at < f.To {
			role = theme.Accent
		}
		switch {
		case hidden != nil && hidden[at]:
			line.put(x, 0, role, "··")
			line.set(chars+i, 0, role, '·')
		default:
			line.set(x, 0, role, rune(digits[c>>4]))
			line.set(x+1, 0, role, rune(digits[c&15]))
			if c < ' ' || c > '~' {
				c, role = '.', theme.Rule
			}
			line.set(chars+i, 0, role, rune(c))
		}
		if at == f.From {
			line.set(x-1, 0, theme.Accent, '[')
		}
		if at == f.To-1 {
			line.set(x+2, 0, theme.Accent, ']')
		}
	}
}

// hides tells whether a string may hold an address that Explain did not find in it.
func hides(f *dhtcore.Field) bool {
	if f.Shape == dhtcore.Debris || !f.Meaning.Known {
		return true
	}
	if f.Shape != dhtcore.Bytes {
		return false
	}
	switch string(f.Key) {
	case "t", "y", "q", "v", "token", "k", "sig", "salt", "BFsd", "BFpe":
		return false
	default:
		return f.Int == 0 && !f.HasID
	}
}

// hiddenBytes marks the bytes of a packet that are not shown while addresses are masked: those of
// addresses, of our own ID, and of all that may hold either.
func hiddenBytes(p *OpenPacket) []bool {
	hidden := make([]bool, len(p.Payload))
	for i := range p.Fields {
		f := &p.Fields[i]
		from := f.To
		switch {
		case f.HasID && f.ID == p.Self, hides(f):
			from = f.To - len(f.Bytes)
		case f.Shape == dhtcore.Part:
			from = f.From + len(f.ID)
		case f.Addr.IsValid():
			from = f.To - len(f.Bytes)
		}
		for j := from; j < f.To; j++ {
			hidden[j] = true
		}
	}
	return hidden
}
