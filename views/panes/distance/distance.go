package distance

import (
	"encoding/binary"
	"math"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// Digits is how many digits of an ID to write in w cells: all 40, or an even number and an ellipsis.
func Digits(w int) int {
	if w >= 40 {
		return 40
	}
	return max(w-1, 0) &^ 1
}

// DrawXOR writes two IDs and their distance below each other.
func DrawXOR(a canvas.Area, ref, id dhtcore.ID, name string) {
	const label = 11
	digits := Digits(a.W - label)
	distance := dhtcore.Distance(ref, id)
	zeros := min(dhtcore.SharedBits(ref, id)/4, digits)
	for y, row := range [...]struct {
		label string
		id    dhtcore.ID
	}{{name, ref}, {"this ID", id}, {"XOR", distance}} {
		a.Put(0, y, theme.Dim, row.label)
		role := theme.Text
		if y == 2 {
			role = theme.Title
		}
		a.ID(label, y, role, row.id, digits)
		if zeros&^1 > 0 { // what both have in common recedes
			a.Sub(label, y, zeros&^1, 1).ID(0, 0, theme.Dim, row.id, zeros&^1)
		}
	}
}

// DrawCount counts the bits that two IDs share, whole bytes, then bits of the first that differs, and returns
// how many lines that took: three, or more where they are narrow.
func DrawCount(a canvas.Area, ref, id dhtcore.ID, shared int) int {
	i := min(shared/8, len(id)-1)
	f := &canvas.Facts{Area: a}
	writeEquation(f, canvas.Dim("equal bytes "), canvas.Text(human.Count(i)), canvas.Dim(" × 8 = "),
		canvas.Text(human.Count(8*i)), canvas.Dim(human.Plural(8*i, " bit", " bits")))

	b := text.AppendHex(a.Scratch(), ref[i])
	b = text.AppendHex(append(b, " xor "...), id[i])
	b = text.AppendHex(append(b, " = "...), ref[i]^id[i])
	b = append(b, " = "...)
	for bit := 7; bit >= 0; bit-- {
		b = append(b, '0'+(ref[i]^id[i])>>bit&1)
	}
	next := string(b)
	writeEquation(f, canvas.Dim("next byte "), canvas.Text(next), canvas.Dim(": "),
		canvas.Text(human.Count(shared-8*i)), canvas.Dim(" more"))

	far := string(strconv.AppendFloat(a.Scratch(), magnitude(dhtcore.Distance(ref, id)), 'f', 1, 64))
	writeEquation(f, canvas.Dim("shared "), canvas.Text(human.Count(8*i)), canvas.Dim(" + "), canvas.Text(human.Count(shared-8*i)),
		canvas.Dim(" = "), canvas.Title(human.Count(shared)), canvas.Dim(human.Plural(shared, " bit", " bits")+": bucket "), canvas.Title(human.Count(shared)),
		canvas.Dim(", distance ~2^"), canvas.Text(far))
	return f.Y
}

// writeEquation writes a line of the working.
func writeEquation(f *canvas.Facts, words ...canvas.Word) {
	w := canvas.Flow{Area: f.Area.Sub(0, f.Y, f.Area.W, f.Area.H-f.Y), Breaks: true}
	w.Say(words...)
	f.End(w)
}

// magnitude is the binary logarithm of a distance, which is not 0.
func magnitude(d dhtcore.ID) float64 {
	for i := 0; i+8 <= len(d); i++ {
		if d[i] != 0 {
			return math.Log2(float64(binary.BigEndian.Uint64(d[i:]))) + float64(8*(len(d)-8-i))
		}
	}
	return math.Log2(math.Max(1, float64(binary.BigEndian.Uint64(d[len(d)-8:]))))
}
