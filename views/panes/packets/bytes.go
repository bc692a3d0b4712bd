package packets

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// bytesWidth is the width of a dump with so many bytes a line: offset, hexadecimal, characters.
func bytesWidth(perLine int) int { return 1 + offsetWidth + 3*perLine + 2 + perLine + 1 }

// offsetWidth is that of the offset and the bracket after it.
const offsetWidth = 5

func bytesNote(a canvas.Area, p *screen.OpenPacket) string {
	if len(p.Payload) == p.Size {
		return ""
	}
	return "the first " + string(strconv.AppendInt(a.Scratch(), int64(len(p.Payload)), 10))
}

// drawBytes draws the bytes of a packet, those of the selected field in brackets and in colour, from the
// line on that shows where it begins.
func drawBytes(a canvas.Area, p *screen.OpenPacket, f *dhtcore.Field, perLine int) {
	lines := (len(p.Payload) + perLine - 1) / perLine
	drawBytesFrom(a, p, f, perLine, max(min(f.From/perLine-1, lines-a.H), 0))
}

// drawBytesFrom is drawBytes from line top on.
func drawBytesFrom(a canvas.Area, p *screen.OpenPacket, f *dhtcore.Field, perLine, top int) {
	hidden := text.HiddenBytes(p.Packet, p.Fields, a.Mask())
	lines := (len(p.Payload) + perLine - 1) / perLine
	for y := 0; y < a.H && top+y < lines; y++ {
		drawByteLine(a.Row(y), p, f, hidden, (top+y)*perLine, perLine)
	}
}

func drawByteLine(line canvas.Area, p *screen.OpenPacket, f *dhtcore.Field, hidden []bool, from, perLine int) {
	const digits = "0123456789abcdef"
	for i := range 4 {
		line.Set(1+i, 0, theme.Dim, rune(digits[from>>(12-4*i)&15]))
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
			line.Put(x, 0, role, "··")
			line.Set(chars+i, 0, role, '·')
		default:
			line.Set(x, 0, role, rune(digits[c>>4]))
			line.Set(x+1, 0, role, rune(digits[c&15]))
			if c < ' ' || c > '~' {
				c, role = '.', theme.Rule
			}
			line.Set(chars+i, 0, role, rune(c))
		}
		if at == f.From {
			line.Set(x-1, 0, theme.Accent, '[')
		}
		if at == f.To-1 {
			line.Set(x+2, 0, theme.Accent, ']')
		}
	}
}
