package crawl

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// How often nodes are recaptured. 8 contacts of one answer are 8 packets.
const (
	drawEvery  = 256  // visits, at first
	drawEnough = 256  // recaptured nodes, from which on they are seldom
	drawSeldom = 2048 // visits, then
	drawLast   = 64   // marked nodes for each of the lures that make up for it at the end, where few were caught
	drawYield  = 4    // nodes caught by a lure, at best: half of 8 contacts
	drawFrom   = 16   // a share of the key space: not before so much is settled
)

// recapture estimates how many nodes there are by mark and recapture (Lincoln and Petersen): those that
// answered the sweep are marked; now and then a node names others far away from itself, in the part that
// is settled, and these are asked whether they are there. Of those that are, the share that is marked
// is the share of all nodes that the sweep has found. Distant contacts are used as they do not depend on
// how well the sweep did where they are.
//
// What is not settled yet is left out: nodes there are about to be marked, and buckets name fewer of them, as
// a bucket that reaches beyond the head names mostly those ahead of it. With them the estimate was too low.
type recapture struct {
	visits, draws int
	caught        []uint64            // nodes that are there, by fingerprint of the address
	asked         map[uint64]struct{} // by fingerprint of the address: each once
}

// begin starts the account of a sweep.
func (r *recapture) begin() { *r = recapture{asked: make(map[uint64]struct{})} }

// wants tells whether the next visit is to name nodes to recapture.
func (r *recapture) drawsNext(settled uint64) bool {
	if settled < math.MaxUint64/drawFrom {
		return false
	}
	every := drawEvery
	if len(r.caught) >= drawEnough {
		every = drawSeldom
	}
	r.visits++
	return r.visits%every == 0
}

// marked counts the nodes caught that are marked by now.
func (c *Crawl) marked(family int) (n int) {
	for _, addr := range c.recapture[family].caught {
		if r := c.records.find(addr); r != nil && r.answers() && r.asked == c.schedule.stamp() {
			n++
		}
	}
	return n
}

// makeUp asks nodes for others to recapture when the sweep has come to its end and few were caught, as in a
// small network; it tells whether it did.
func (c *Crawl) drawMore() (did bool) {
	for i := range c.sweeps {
		did = c.drawMoreIn(i) || did
	}
	return did
}

func (c *Crawl) drawMoreIn(family int) bool {
	f, r := &c.sweeps[family], &c.recapture[family]
	if f.watermark.end(f.place()); f.watermark.place == 0 {
		return false
	}
	marks, _ := c.heatmap.below(f.place(), c.schedule.number, family)
	before, lack := r.draws, (drawEnough-len(r.caught)+drawYield-1)/drawYield
	helpers := slices.Collect(maps.Values(f.responders)) // in no order
	for _, to := range append(helpers, c.trusted.nearest(family, f.place(), max(lack, 0))...) {
		if r.draws >= marks/drawLast || r.draws >= before+lack {
			break
		}
		c.queue = append(c.queue, query{to: to, addr: c.records.fingerprint(to.Addr), self: key(to.ID),
			target: drawTarget(f.place()), family: family, why: toDraw, draw: true, method: wire.FindNode})
		r.draws++
	}
	return r.draws > before
}

// tempt asks the nodes of an answer, in the part that is settled, whether they are there. The sweep is not told
// of them: what it finds must not depend on what is caught.
func (c *Crawl) recaptureAll(nodes []wire.Contact, q *query) {
	place, asked := c.sweeps[q.family].watermark.place, c.recapture[q.family].asked
	for _, to := range nodes {
		addr := c.records.fingerprint(to.Addr)
		_, again := asked[addr]
		if key(to.ID) >= place || again || !isOf(q.family, to) {
			continue
		}
		asked[addr] = struct{}{}
		c.queue = append(c.queue, query{to: to, addr: addr, self: key(to.ID), family: q.family,
			why: toRecapture, method: wire.Ping})
	}
}

// lureAt returns a place in the part that is settled.
func drawTarget(settled uint64) uint64 { return rand.Uint64N(settled) }

// confidence is the width of a 95 % interval in standard deviations.
const confidence = 1.96

// sized estimates the network, when so many nodes are marked in a share of the key space, and marked of those
// caught. The interval is Wilson's for the share of nodes that is marked, with the correction for continuity
// (Newcombe 1998) that a few unmarked ones ask for, widened by how much parts of the key space vary.
func estimate(marks int, share float64, caught, marked int) (s lookup.Size) {
	if marked == 0 || marks == 0 {
		return s
	}
	p := float64(marked) / float64(caught)
	least, most := wilson(marked, caught)
	part := confidence * math.Sqrt((1-share)/float64(marks))
	nodes := float64(marks) / share / p
	return lookup.Size{Nodes: nodes, Lookups: caught,
		Low: nodes * max(1-math.Hypot(1-p/most, part), 0), High: nodes * (1 + math.Hypot(p/least-1, part))}
}

// wilson returns the ends of the interval for a share, of which k of n were found.
func wilson(k, n int) (least, most float64) { return wilsonLeast(k, n), 1 - wilsonLeast(n-k, n) }

func wilsonLeast(k, n int) float64 {
	if k == 0 {
		return 0
	}
	p, all, z2 := float64(k)/float64(n), float64(n), confidence*confidence
	root := math.Sqrt(z2 - 2 - 1/all + 4*p*(all*(1-p)+1))
	return max((2*all*p+z2-1-confidence*root)/(2*(all+z2)), 0)
}
