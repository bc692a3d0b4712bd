package crawl

import (
	"math"
	"math/bits"
	"slices"

	"dhtop/dhtcore/wire"
)

// How the depth of leaves follows from the density.
const (
	priorWeight = 512  // of an estimate that was known before, in replies
	leafDepth   = 1.2  // bits that a leaf is deeper than what the contacts of a full reply span
	leastReply  = 2    // contacts that a full reply has at least
	hysteresis  = 0.75 // bits that the depth must be off before it is changed
)

// density estimates how dense a network is: how many bits of their IDs nodes share with their closest neighbours, of
// which a reply names as many as is usual in that network: 8 on Mainline, fewer where nodes know or say less.
type density struct {
	bits   float64 // the estimate; 0 for none
	counts [keyBits + 1]uint32
	full   int                   // contacts in a full reply: half of the replies have as many
	sizes  [fullReply + 1]uint32 // replies by their contacts
}

// begin forgets all but an estimate.
func (d *density) begin(bits float64) {
	*d = density{bits: bits, full: d.full}
	if d.full == 0 {
		d.full = fullReply
	}
	d.sizes[d.full] = 1
	if whole, part := math.Modf(bits); bits > 0 && bits < keyBits {
		d.counts[int(whole)] = uint32((1 - part) * priorWeight)
		d.counts[int(whole)+1] = uint32(part * priorWeight)
	}
}

// add takes in the closest contacts of a node. It reports false if they are too few to tell anything.
func (d *density) add(self uint64, nodes []wire.Contact) bool {
	d.measure(len(nodes))
	if len(nodes) < d.full {
		return false
	}
	shared := make([]int, len(nodes))
	for i := range nodes {
		shared[i] = bits.LeadingZeros64(self ^ key(nodes[i].ID))
	}
	slices.Sort(shared)
	d.counts[shared[len(nodes)-d.full]]++
	d.bits = d.mean()
	return true
}

// measure counts a reply with so many contacts. When another number becomes usual, what was counted with the old one
// no longer holds.
func (d *density) measure(contacts int) {
	d.sizes[min(contacts, fullReply)]++
	total := uint32(0)
	for _, n := range d.sizes {
		total += n
	}
	full, reach := fullReply, d.sizes[fullReply]
	for full > leastReply && 2*reach < total {
		full--
		reach += d.sizes[full]
	}
	if d.full != full {
		clear(d.counts[:])
	}
	d.full = full
}

// depth returns the depth that leaves should have, and whether it differs enough from the depth that they have.
func (d *density) depth(now int) (depth int, changed bool) {
	want := d.bits + leafDepth
	return min(max(int(math.Round(want)), 0), maxDepth), math.Abs(want-float64(now)) > hysteresis
}

// mean returns the mean of the middle half. Nodes that make up contacts seem to live where it is dense, and where
// a region is full of them they are most of the latest replies.
func (d *density) mean() float64 {
	total, before, sum, count := 0.0, 0.0, 0.0, 0.0
	for _, n := range d.counts {
		total += float64(n)
	}
	for shared, n := range d.counts {
		after := before + float64(n)
		inside := max(min(after, total*3/4)-max(before, total/4), 0)
		sum += inside * float64(shared)
		count += inside
		before = after
	}
	return sum / max(count, 1e-9)
}
