package views

import (
	"encoding/binary"
	"math"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// reference is what the distance of an ID in a packet is reckoned from: of a node what the packet is
// about, of a sample the node that stores it, and of what the packet is about our own ID.
func reference(p *screen.OpenPacket, f *dhtcore.Field) (id dhtcore.ID, name string) {
	node := f.Addr.IsValid() || string(f.Key) == "id"
	if p.HasTarget && node && f.ID != p.Target {
		return p.Target, "the target"
	}
	if f.Shape == dhtcore.Part && !node {
		return p.Sender, "its holder"
	}
	return p.Self, "us"
}

// xorLines is how many lines the working takes, without the sentence after it.
const xorLines = 6

// drawWork works out the distance of the ID in a field, step by step, and returns how many lines that took.
func drawWork(a canvas.Area, p *screen.OpenPacket, f *dhtcore.Field) int {
	ref, name := reference(p, f)
	if ref == f.ID {
		if ref == p.Self && p.Self != p.Target {
			return a.Wrap(0, theme.Dim, "This is our own ID.")
		}
		return 0
	}
	if a.Mask().Owns(ref) || a.Mask().Owns(f.ID) {
		return a.Wrap(0, theme.Dim, "Its distance is not worked out while our own ID is masked.")
	}
	shared := dhtcore.SharedBits(ref, f.ID)
	drawXOR(a.TakeTop(3), ref, f.ID, name)
	lines := 3 + drawCount(a, ref, f.ID, shared)
	a.TakeTop(lines - 3)
	return lines + a.Wrap(0, theme.Text, bucketSentence(p, f, ref, shared))
}

// drawXOR writes two IDs and their distance below each other.
func drawXOR(a canvas.Area, ref, id dhtcore.ID, name string) {
	const label = 11
	digits := digitsFor(a.W - label)
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

// drawCount counts the bits that two IDs share, whole bytes, then bits of the first that differs, and returns
// how many lines that took: three, or more where they are narrow.
func drawCount(a canvas.Area, ref, id dhtcore.ID, shared int) int {
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

// bucketSentence says what the number of shared bits comes to.
func bucketSentence(p *screen.OpenPacket, f *dhtcore.Field, ref dhtcore.ID, shared int) string {
	switch ref {
	case p.Self:
		return "Buckets are numbered by the bits shared with the owner of the table: bucket " + strconv.Itoa(shared) +
			" of ours holds the nodes that share exactly so many with us, one in 2^" + strconv.Itoa(shared+1) + "."
	case p.Target:
		if f.ID == p.Self {
			return "One node in 2^" + strconv.Itoa(shared) + " is that close to the target. This one is our own."
		}
		ours := dhtcore.SharedBits(p.Self, f.ID)
		return "One node in 2^" + strconv.Itoa(shared) + " is that close to the target. In our own table it belongs into bucket " +
			strconv.Itoa(ours) + ", as it shares " + strconv.Itoa(ours) + human.Plural(ours, " bit", " bits") + " with our ID."
	default:
		return "Peers announce themselves to the nodes closest to the info_hash: so a node stores hashes close to its own ID."
	}
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
