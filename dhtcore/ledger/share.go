package ledger

import (
	"encoding/binary"
	"math/bits"
)

// A set of sources is handed out as a sketch of the library, whatever it is here, so that those of
// several crawlers can be merged. A few sources are written as the library's sparse form, documented
// at its UnmarshalBinary: to have it make one would cost more than all the rest of a row.

const (
	precision       = 14
	sparsePrecision = 25
	sketchVersion   = 2
	sparseTail      = 12 // an empty compressed list
	sharedShare     = 100
)

// share returns the sketch of the sources of a. It returns "" if there are none, or if they are a
// sketch already that has hardly grown since it was handed out.
func (l *Ledger) share(a *account) string {
	n := a.sizes.sources()
	switch n {
	case 0:
		return ""
	case isSketch:
		return l.shareSketch(&l.sketches[a.sources])
	}
	b := append(l.room[:0], sketchVersion, precision, 0, 1)
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	l.eachMember(a.sources, n, func(m uint32) { b = binary.BigEndian.AppendUint32(b, sparseKey(mix(uint64(m)))) })
	b = append(b, make([]byte, sparseTail)...)
	l.room = b
	return string(b)
}

func (l *Ledger) shareSketch(s *sketch) string {
	if s.stale() {
		l.renew(s)
	}
	if (s.estimate-s.shared)*sharedShare < s.estimate {
		return ""
	}
	b, err := s.AppendBinary(l.room[:0])
	if err != nil {
		return ""
	}
	l.room, s.shared = b, s.estimate
	return string(b)
}

// sparseKey is a hash as a sparse sketch has it: 25 bits that choose the register, in the sparse
// precision, and where those of them beyond the dense precision are 0 the position of the first 1
// after them.
func sparseKey(x uint64) uint32 {
	index := uint32(x >> (64 - sparsePrecision))
	if index&(1<<(sparsePrecision-precision)-1) != 0 {
		return index << 1
	}
	zeros := bits.LeadingZeros64(x<<sparsePrecision|(1<<sparsePrecision-1)) + 1
	return index<<7 | uint32(zeros<<1) | 1
}
