package ledger

import (
	"encoding/binary"
	"math/bits"

	"github.com/axiomhq/hyperloglog"
)

// sketch is a HyperLogLog with its last estimate. Estimating takes too long for every row of every Snapshot. So it
// is done after refreshAfter additions and, if additions may have moved the estimate by one in refreshShare, for
// refreshPerTop sketches of each Snapshot in turn.
type sketch struct {
	*hyperloglog.Sketch // nil in a free place
	estimate, since     int
	exported            int // the estimate when it was last exported
}

const (
	refreshAfter  = 2048
	refreshShare  = 100
	refreshPerTop = 2
)

func (d *distinctSets) addTo(s *sketch, m uint32) {
	s.InsertHash(mix(uint64(m)))
	if s.since++; s.since >= refreshAfter {
		d.refresh(s)
	}
}

// pendingMember waits to be added to a sketch. Its register cannot be prefetched earlier, but additions made one
// right after the other overlap in memory.
type pendingMember struct {
	sketch set
	member uint32
}

// deferAdd leaves adding a member to a sketch to the end of the running flush.
func (d *distinctSets) deferAdd(sketch set, member uint32) {
	d.deferred = append(d.deferred, pendingMember{sketch, member})
}

// addDeferred adds the deferred members.
func (d *distinctSets) addDeferred() {
	for _, m := range d.deferred {
		d.addTo(&d.sketches[m.sketch], m.member)
	}
	d.deferred = d.deferred[:0]
}

// stale reports whether additions may have moved the estimate by one in refreshShare.
func (s *sketch) stale() bool { return s.since*refreshShare >= s.estimate }

func (d *distinctSets) refresh(s *sketch) {
	s.estimate, d.scratch = estimate(s.Sketch, d.scratch)
	s.since = 0
}

// toSketch turns a set into a sketch.
func (d *distinctSets) toSketch(s *set, n uint16) {
	sk := sketch{Sketch: hyperloglog.NewNoSparse()}
	d.each(*s, n, func(member uint32) { d.addTo(&sk, member) })
	d.refresh(&sk)
	d.release(*s, n)
	if last := len(d.freeSketches) - 1; last >= 0 {
		*s = d.freeSketches[last]
		d.freeSketches = d.freeSketches[:last]
		d.sketches[*s] = sk
		return
	}
	d.sketches = append(d.sketches, sk)
	*s = set(len(d.sketches) - 1)
}

// refreshSome estimates stale sketches of the first n ranks again: a few, in turn, so that it costs a Snapshot
// little and every rank comes up.
func (l *Ledger) refreshSome(n int) {
	refresh := refreshPerTop
	for range n {
		if refresh <= 0 {
			return
		}
		l.top.sketchTurn = (l.top.sketchTurn + 1) % n
		a := l.top.account(&l.accounts, l.top.sketchTurn)
		l.sets.size(a.sources, a.sizes.sources(), &refresh)
		l.sets.size(a.peers, a.sizes.peers(), &refresh)
	}
}

// A set of sources is exported as a sketch of axiomhq/hyperloglog, whatever its form is here, so that those of several
// crawlers can be merged. A small set is written in the sparse form of the library, documented at its UnmarshalBinary:
// having the library build one would cost more than the rest of the row.

const (
	precision       = 14  // bits that choose a register
	sparsePrecision = 25  // the same in the sparse form
	sketchVersion   = 2   // of the binary form
	sparseTail      = 12  // bytes of an empty compressed list
	exportGrowth    = 100 // a sketch is exported again once its estimate grew by one in exportGrowth
)

// export returns the sketch of the sources of a. It returns "" if there are no sources, or if their sketch
// has hardly grown since its last export.
func (d *distinctSets) export(a *account) string {
	n := a.sizes.sources()
	switch n {
	case 0:
		return ""
	case isSketch:
		return d.exportDense(&d.sketches[a.sources])
	}
	b := append(d.scratch[:0], sketchVersion, precision, 0, 1)
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	d.each(a.sources, n, func(m uint32) { b = binary.BigEndian.AppendUint32(b, sparseKey(mix(uint64(m)))) })
	b = append(b, make([]byte, sparseTail)...)
	d.scratch = b
	return string(b)
}

func (d *distinctSets) exportDense(s *sketch) string {
	if s.stale() {
		d.refresh(s)
	}
	if (s.estimate-s.exported)*exportGrowth < s.estimate {
		return ""
	}
	b, err := s.AppendBinary(d.scratch[:0])
	if err != nil {
		return ""
	}
	d.scratch, s.exported = b, s.estimate
	return string(b)
}

// sparseKey returns a hash in the form of a sparse sketch: 25 bits that choose the register in the sparse precision
// and, if the bits beyond the dense precision are 0, the position of the first 1 after them.
func sparseKey(x uint64) uint32 {
	index := uint32(x >> (64 - sparsePrecision))
	if index&(1<<(sparsePrecision-precision)-1) != 0 {
		return index << 1
	}
	zeros := bits.LeadingZeros64(x<<sparsePrecision|(1<<sparsePrecision-1)) + 1
	return index<<7 | uint32(zeros<<1) | 1
}
