package packets

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/distance"
	"dhtop/views/screen"
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

// drawDistance works out the distance of the ID in a field, step by step, and returns how many lines that took.
func drawDistance(a canvas.Area, p *screen.OpenPacket, f *dhtcore.Field) int {
	ref, name := reference(p, f)
	if ref == f.ID {
		if ref == p.Self && p.Self != p.Target {
			return a.Wrap(0, theme.Dim, "This is our own ID.")
		}
		return 0
	}
	if a.Mask().Owns(ref) || a.Mask().Owns(f.ID) {
		return a.Wrap(0, theme.Dim, "No distance is shown while our own ID is masked.")
	}
	shared := dhtcore.SharedBits(ref, f.ID)
	distance.DrawXOR(a.TakeTop(3), ref, f.ID, name)
	lines := 3 + distance.DrawCount(a, ref, f.ID, shared)
	a.TakeTop(lines - 3)
	return lines + a.Wrap(0, theme.Text, bucketSentence(p, f, ref, shared))
}

// bucketSentence says what the number of shared bits comes to.
func bucketSentence(p *screen.OpenPacket, f *dhtcore.Field, ref dhtcore.ID, shared int) string {
	switch ref {
	case p.Self:
		return "Buckets are numbered by the bits shared with the owner of the table: bucket " + strconv.Itoa(shared) +
			" of ours holds the nodes that share exactly that many with us, one in 2^" + strconv.Itoa(shared+1) + "."
	case p.Target:
		if f.ID == p.Self {
			return "One node in 2^" + strconv.Itoa(shared) + " is that close to the target. This one is our own."
		}
		ours := dhtcore.SharedBits(p.Self, f.ID)
		return "One node in 2^" + strconv.Itoa(shared) + " is that close to the target. In our own table it " +
			"belongs in bucket " +
			strconv.Itoa(ours) + ", as it shares " + strconv.Itoa(ours) + human.Plural(ours, " bit", " bits") + " with our ID."
	default:
		return "Peers announce themselves to the nodes closest to the info_hash: so a node stores hashes close to " +
			"its own ID."
	}
}
