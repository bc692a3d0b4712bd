package crawl

import (
	"math"
	"math/rand/v2"

	"dhtop/dhtcore/lookup"
)

// How often nodes are drawn. The 8 contacts of one reply are 8 packets.
const (
	drawEvery  = 256  // visits, until enough are caught
	drawEnough = 256  // nodes caught
	drawSeldom = 2048 // visits, from then on
	drawMarks  = 64   // marked nodes for each draw at the end of a sweep that caught few
	drawYield  = 4    // nodes caught by a draw: half of 8 contacts
	drawFrom   = 16   // the watermark must have passed one in so many parts of the keyspace
)

// recapture estimates how many nodes there are by mark and recapture (Lincoln and Petersen). The nodes that
// answered the sweep are marked. Now and then a node is asked for others far away from itself, below the
// watermark (a draw), and these are asked whether they are there. Of those that are, the share that is marked is
// the share of all nodes that the sweep has found. Distant contacts are used as they do not depend on how well the
// sweep did where they are.
//
// What is above the watermark is left out: nodes there are about to be marked, and buckets name fewer of them, as
// a bucket that reaches beyond the cursor names mostly those ahead of it. With them the estimate was too low.
type recapture struct {
	visits int
	draws  int                 // at the end of the sweep
	caught []uint64            // drawn nodes that are there, by fingerprint
	drawn  map[uint64]struct{} // by fingerprint: each once
}

// begin forgets all, for the next sweep.
func (r *recapture) begin() { *r = recapture{drawn: make(map[uint64]struct{})} }

// due reports whether the next visit is to draw nodes.
func (r *recapture) due(watermark uint64) bool {
	if watermark < math.MaxUint64/drawFrom {
		return false
	}
	every := drawEvery
	if len(r.caught) >= drawEnough {
		every = drawSeldom
	}
	r.visits++
	return r.visits%every == 0
}

// lacking returns how many more draws it takes to catch enough, among so many marked nodes.
func (r *recapture) lacking(marks int) int {
	lack := (drawEnough - len(r.caught) + drawYield - 1) / drawYield
	return max(min(lack, marks/drawMarks-r.draws), 0)
}

// draw reports whether a node was not drawn before.
func (r *recapture) draw(addr uint64) bool {
	_, again := r.drawn[addr]
	r.drawn[addr] = struct{}{}
	return !again
}

// catch notes that a drawn node is there.
func (r *recapture) catch(addr uint64) { r.caught = append(r.caught, addr) }

// drawTarget returns a place below the watermark, which is not 0.
func drawTarget(watermark uint64) uint64 { return rand.Uint64N(watermark) }

// confidence is the half width of a 95 % interval in standard deviations.
const confidence = 1.96

// estimate returns the size of the network, where marks nodes are marked in a share of the keyspace, and marked
// of those caught. The interval is Wilson's for the share of nodes that is marked, with the correction for
// continuity (Newcombe 1998, method 4) that a few unmarked nodes ask for, widened by how much parts of the keyspace
// vary.
func estimate(marks int, share float64, caught, marked int) (s lookup.Size) {
	if marked == 0 || marks == 0 {
		return s
	}
	p := float64(marked) / float64(caught)
	low, high := wilson(marked, caught)
	part := confidence * math.Sqrt((1-share)/float64(marks))
	nodes := float64(marks) / share / p
	return lookup.Size{Nodes: nodes, Lookups: caught,
		Low: nodes * max(1-math.Hypot(1-p/high, part), 0), High: nodes * (1 + math.Hypot(p/low-1, part))}
}

// wilson returns the ends of the interval for a share, of which k of n were found.
func wilson(k, n int) (low, high float64) { return wilsonLow(k, n), 1 - wilsonLow(n-k, n) }

func wilsonLow(k, n int) float64 {
	if k == 0 {
		return 0
	}
	p, all, z2 := float64(k)/float64(n), float64(n), confidence*confidence
	root := math.Sqrt(z2 - 2 - 1/all + 4*p*(all*(1-p)+1))
	return max((2*all*p+z2-1-confidence*root)/(2*(all+z2)), 0)
}
