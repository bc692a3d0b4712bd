package crawl

import (
	"math"
	"math/rand/v2"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// How often nodes are recaptured. 8 contacts of one answer are 8 packets.
const (
	lureEvery  = 256  // visits, at first
	lureFew    = 256  // recaptured nodes, from which on they are seldom
	lureSeldom = 2048 // visits, then
	lureLast   = 64   // marked nodes for each of the lures that make up for it at the end, where few were caught
	lureAtOnce = 8
	lureFrom   = 16 // a share of the key space: not before so much is swept
)

// recapture estimates how many nodes there are by mark and recapture (Lincoln and Petersen): those that
// answered the sweep are marked; now and then a node names others far away from itself, in the part that
// has been swept, and these are asked whether they are there. Of those that are, the share that is marked
// is the share of all nodes that the sweep has found. Distant contacts are used as they do not depend on
// how well the sweep did where they are; they are not handed to the sweep before they have answered.
type recapture struct {
	visits, last  int
	alive, marked int
	density       float64             // marked nodes a key space, as of when each was caught, summed
	asked         map[uint64]struct{} // by fingerprint of the address: each once
}

// begin starts the account of a sweep.
func (r *recapture) begin() { *r = recapture{asked: make(map[uint64]struct{})} }

// wants tells whether the next visit is to name nodes to recapture.
func (r *recapture) wants(swept uint64) bool {
	if swept < math.MaxUint64/lureFrom {
		return false
	}
	every := lureEvery
	if r.alive >= lureFew {
		every = lureSeldom
	}
	r.visits++
	return r.visits%every == 0
}

// caught counts a node that is there, where so many are marked in a key space.
func (r *recapture) caught(marked bool, density float64) {
	r.alive++
	r.density += density
	if marked {
		r.marked++
	}
}

// makeUp asks nodes for others to recapture when the sweep has come to its end and few were caught, as in a
// small network; it tells whether it did.
func (c *Crawl) makeUp() (did bool) {
	for i := range c.fronts {
		did = c.makeUpIn(i) || did
	}
	return did
}

func (c *Crawl) makeUpIn(family int) bool {
	f, r := &c.fronts[family], &c.catch[family]
	marks, _ := c.grid.below(f.place(), c.sweep.number, family)
	before := r.last
	for _, to := range f.live { // in no order
		if r.alive >= lureFew || r.last >= marks/lureLast || r.last == before+lureAtOnce {
			break
		}
		c.errands = append(c.errands, question{to: to, addr: c.memory.print(to.Addr), self: key(to.ID),
			target: lureAt(f.place()), family: family, why: toLure, lure: true, method: wire.FindNode})
		r.last++
	}
	return r.last > before
}

// tempt asks the nodes of an answer, in the part that is swept, whether they are there. Whether they are
// marked is noted now, with how many are: some of those that are not are about to be.
func (c *Crawl) tempt(nodes []wire.Contact, q *question) {
	place, asked := c.fronts[q.family].place(), c.catch[q.family].asked
	marks, share := c.grid.below(place, c.sweep.number, q.family)
	for _, to := range nodes {
		addr := c.memory.print(to.Addr)
		_, again := asked[addr]
		if key(to.ID) >= place || share == 0 || again || to.Addr.Addr().Is6() != (q.family == 1) {
			continue
		}
		asked[addr] = struct{}{}
		r := c.memory.find(addr)
		c.errands = append(c.errands, question{to: to, addr: addr, self: key(to.ID), family: q.family,
			why: toRecapture, method: wire.Ping, density: float64(marks) / share,
			marked: r != nil && r.answers() && r.asked == c.sweep.stamp()})
	}
}

// lureAt returns a place in the part that is swept.
func lureAt(swept uint64) uint64 { return rand.Uint64N(swept) }

// confidence is the width of a 95 % interval in standard deviations.
const confidence = 1.96

// size estimates the network, when so many nodes are marked in a share of the key space. The interval is
// Wilson's for the share of nodes that is marked, widened by how much parts of the key space vary.
func (r *recapture) size(marks int, share float64) (s lookup.Size) {
	if r.marked == 0 || marks == 0 {
		return s
	}
	n, p := float64(r.alive), float64(r.marked)/float64(r.alive)
	z2 := confidence * confidence
	middle := (p + z2/(2*n)) / (1 + z2/n)
	spread := confidence * math.Sqrt(p*(1-p)/n+z2/(4*n*n)) / (1 + z2/n)
	part := confidence * math.Sqrt((1-share)/float64(marks))
	low, high := 1-p/(middle+spread), p/(middle-spread)-1 // relative
	nodes := r.density / n / p
	return lookup.Size{Nodes: nodes, Lookups: r.alive,
		Low: nodes * max(1-math.Hypot(low, part), 0), High: nodes * (1 + math.Hypot(high, part))}
}
