package views

import (
	"encoding/binary"
	"math"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// reference is what the distance of an ID in a packet is reckoned from: of a node what the packet is
// about, of a sample the node that stores it, and of what the packet is about our own ID.
func reference(p *OpenPacket, f *dhtcore.Field) (id dhtcore.ID, name string) {
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
func drawWork(a area, p *OpenPacket, f *dhtcore.Field) int {
	ref, name := reference(p, f)
	if ref == f.ID {
		if ref == p.Self && p.Self != p.Target {
			return a.wrap(0, theme.Dim, "This is our own ID.")
		}
		return 0
	}
	if a.mask().Owns(ref) || a.mask().Owns(f.ID) {
		return a.wrap(0, theme.Dim, "Its distance is not worked out while our own ID is masked.")
	}
	shared := dhtcore.SharedBits(ref, f.ID)
	drawXOR(a.takeTop(3), ref, f.ID, name)
	lines := 3 + drawCount(a, ref, f.ID, shared)
	a.takeTop(lines - 3)
	return lines + a.wrap(0, theme.Text, bucketSentence(p, f, ref, shared))
}

// drawXOR writes two IDs and their distance below each other.
func drawXOR(a area, ref, id dhtcore.ID, name string) {
	const label = 11
	digits := digitsFor(a.w - label)
	distance := dhtcore.Distance(ref, id)
	zeros := min(dhtcore.SharedBits(ref, id)/4, digits)
	for y, row := range [...]struct {
		label string
		id    dhtcore.ID
	}{{name, ref}, {"this ID", id}, {"XOR", distance}} {
		a.put(0, y, theme.Dim, row.label)
		role := theme.Text
		if y == 2 {
			role = theme.Title
		}
		a.id(label, y, role, row.id, digits)
		if zeros&^1 > 0 { // what both have in common recedes
			a.sub(label, y, zeros&^1, 1).id(0, 0, theme.Dim, row.id, zeros&^1)
		}
	}
}

// drawCount counts the bits that two IDs share, whole bytes, then bits of the first that differs, and returns
// how many lines that took: three, or more where they are narrow.
func drawCount(a area, ref, id dhtcore.ID, shared int) int {
	i := min(shared/8, len(id)-1)
	f := &facts{a: a}
	f.equation(Dim("equal bytes "), Text(human.Count(i)), Dim(" × 8 = "),
		Text(human.Count(8*i)), Dim(human.Plural(8*i, " bit", " bits")))

	b := text.AppendHex(a.scratch(), ref[i])
	b = text.AppendHex(append(b, " xor "...), id[i])
	b = text.AppendHex(append(b, " = "...), ref[i]^id[i])
	b = append(b, " = "...)
	for bit := 7; bit >= 0; bit-- {
		b = append(b, '0'+(ref[i]^id[i])>>bit&1)
	}
	next := string(b)
	f.equation(Dim("next byte "), Text(next), Dim(": "),
		Text(human.Count(shared-8*i)), Dim(" more"))

	far := string(strconv.AppendFloat(a.scratch(), magnitude(dhtcore.Distance(ref, id)), 'f', 1, 64))
	f.equation(Dim("shared "), Text(human.Count(8*i)), Dim(" + "), Text(human.Count(shared-8*i)),
		Dim(" = "), Title(human.Count(shared)), Dim(human.Plural(shared, " bit", " bits")+": bucket "), Title(human.Count(shared)),
		Dim(", distance ~2^"), Text(far))
	return f.y
}

// equation writes a line of the working.
func (f *facts) equation(words ...word) {
	w := flow{a: f.a.sub(0, f.y, f.a.w, f.a.h-f.y), breaks: true}
	w.say(words...)
	f.end(w)
}

// bucketSentence says what the number of shared bits comes to.
func bucketSentence(p *OpenPacket, f *dhtcore.Field, ref dhtcore.ID, shared int) string {
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
