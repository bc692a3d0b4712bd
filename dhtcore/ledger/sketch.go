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

func (l *Ledger) addTo(s *sketch, m uint32) {
	s.InsertHash(mix(uint64(m)))
	if s.since++; s.since >= refreshAfter {
		l.refresh(s)
	}
}

// stale reports whether additions may have moved the estimate by one in refreshShare.
func (s *sketch) stale() bool { return s.since*refreshShare >= s.estimate }

func (l *Ledger) refresh(s *sketch) {
	s.estimate, l.scratch = estimate(s.Sketch, l.scratch)
	s.since = 0
}

// toSketch turns a set into a sketch.
func (l *Ledger) toSketch(s *set, n uint16) {
	sk := sketch{Sketch: hyperloglog.NewNoSparse()}
	l.eachMember(*s, n, func(member uint32) { l.addTo(&sk, member) })
	l.refresh(&sk)
	l.release(*s, n)
	if last := len(l.freeSketches) - 1; last >= 0 {
		*s = l.freeSketches[last]
		l.freeSketches = l.freeSketches[:last]
		l.sketches[*s] = sk
		return
	}
	l.sketches = append(l.sketches, sk)
	*s = set(len(l.sketches) - 1)
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
		a := l.ranked(l.top.sketchTurn)
		l.size(a.sources, a.sizes.sources(), &refresh)
		l.size(a.peers, a.sizes.peers(), &refresh)
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

// exportSketch returns the sketch of the sources of a. It returns "" if there are no sources, or if their sketch
// has hardly grown since its last export.
func (l *Ledger) exportSketch(a *account) string {
	n := a.sizes.sources()
	switch n {
	case 0:
		return ""
	case isSketch:
		return l.exportDense(&l.sketches[a.sources])
	}
	b := append(l.scratch[:0], sketchVersion, precision, 0, 1)
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	l.eachMember(a.sources, n, func(m uint32) { b = binary.BigEndian.AppendUint32(b, sparseKey(mix(uint64(m)))) })
	b = append(b, make([]byte, sparseTail)...)
	l.scratch = b
	return string(b)
}

func (l *Ledger) exportDense(s *sketch) string {
	if s.stale() {
		l.refresh(s)
	}
	if (s.estimate-s.exported)*exportGrowth < s.estimate {
		return ""
	}
	b, err := s.AppendBinary(l.scratch[:0])
	if err != nil {
		return ""
	}
	l.scratch, s.exported = b, s.estimate
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
