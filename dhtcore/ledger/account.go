package ledger

import (
	"math"
	"time"
)

// account is the running count of one hash: 64 bytes, a cache line, without pointers. Most hashes are
// seen once, so what only the others need is elsewhere: sets of sources and peers in l.sets, trends in
// l.trends, names in l.names, what a store has not got yet in l.changes. A count stops at its maximum.
type account struct {
	requests, announces, samples uint32
	sources, peers               set
	sourcesN, peersN             uint16 // how many they are, or isSketch; beside them, as 6 bytes do not pack
	trend                        uint32 // place in l.trends, firstRequest or longAgo
	change                       uint32 // place in l.changes + 1, 0 if unchanged
	hash                         [20]byte
	first, last                  stamp
	top                          uint16 // place in the ranking + 1, 0 outside it
}

// stamp is a time in milliseconds since the ledger was made, which 40 bits hold for 34 years.
type stamp [5]byte

func (l *Ledger) stamp(t time.Time) (s stamp) {
	ms := uint64(max(t.Sub(l.started), 0) / time.Millisecond)
	for i := range s {
		s[i] = byte(ms >> (8 * i))
	}
	return s
}

func (s stamp) ms() (ms int64) {
	for i, b := range s {
		ms |= int64(b) << (8 * i)
	}
	return ms
}

func (l *Ledger) time(s stamp) time.Time {
	return l.started.Add(time.Duration(s.ms()) * time.Millisecond)
}

// count adds to a count, which stops at its maximum.
func count(n *uint32, d uint64) { *n += uint32(min(d, uint64(math.MaxUint32-*n))) }

// slab holds records that stay where they are. It grows by chunks, so that growth copies nothing.
type slab[T any] struct {
	chunks []*[chunkLen]T
	n      int
}

const chunkLen = 1024

func (s *slab[T]) at(i uint32) *T { return &s.chunks[i/chunkLen][i%chunkLen] }

// add returns the place of a new record, which may hold what it held before a cut.
func (s *slab[T]) add() (place uint32) {
	if s.n == len(s.chunks)*chunkLen {
		s.chunks = append(s.chunks, new([chunkLen]T))
	}
	s.n++
	return uint32(s.n - 1)
}
