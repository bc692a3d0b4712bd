package ledger

import (
	"math"
	"time"
)

// account holds the counts of one hash in 64 bytes, a cache line, without pointers. Most hashes are seen once, so
// the data that only the others need is elsewhere: sets of sources and peers in l.sets, requests by time in
// l.rates, announces to our tracker in l.tracked, names, repeats and estimates in maps, unsaved counts in l.changes. A count stops at its maximum.
type account struct {
	requests, announces, samples uint32 // see demand
	sources, peers               set
	sizes                        sizes
	rates                        uint32 // place in l.rates, firstRequest, longAgo or vacant
	change                       uint32 // place in l.changes, 0 if unchanged; the next free place if vacant
	hash                         [20]byte
	first, last                  stamp
	vantages                     uint16
}

// sizes packs three small numbers: how many sources and how many peers the account has, or isSketch (9 bits each),
// its member number in the ranking + 1, or 0 outside it (10 bits), whether a sighting of it is proven (SeeUnproven),
// whether its requests are maintenance (maintenance.go), whether our tracker has announces of it, and whether nothing else
// is known of it (tracked.go).
type sizes uint32

const (
	sourcesAt = 0
	peersAt   = 9
	topAt     = 18
	sizeMask  = 1<<9 - 1
	topMask   = 1<<10 - 1

	provenBit      = 1 << 28
	maintenanceBit = 1 << 29
	trackedBit     = 1 << 30
	onlyTrackedBit = 1 << 31
)

func (s sizes) sources() uint16 { return uint16(s >> sourcesAt & sizeMask) }
func (s sizes) peers() uint16   { return uint16(s >> peersAt & sizeMask) }
func (s sizes) top() uint16     { return uint16(s >> topAt & topMask) }

func (s sizes) proven() bool      { return s&provenBit != 0 }
func (s sizes) maintenance() bool { return s&maintenanceBit != 0 }
func (s sizes) tracked() bool     { return s&trackedBit != 0 }
func (s sizes) onlyTracked() bool { return s&onlyTrackedBit != 0 }

func (s *sizes) setSources(n uint16) { *s = *s&^(sizeMask<<sourcesAt) | sizes(n)<<sourcesAt }
func (s *sizes) setPeers(n uint16)   { *s = *s&^(sizeMask<<peersAt) | sizes(n)<<peersAt }
func (s *sizes) setTop(n uint16)     { *s = *s&^(topMask<<topAt) | sizes(n)<<topAt }

// stamp is a time in milliseconds since the epoch of the ledger, which fits 40 bits for 34 years. 0 is an unknown
// time.
type stamp [5]byte

// epoch is the time from which a ledger counts its stamps.
type epoch struct{ time.Time }

// epochBefore is how long before New the epoch is, as stores hold older times.
const epochBefore = 10 * 365 * 24 * time.Hour

func (e epoch) stamp(t time.Time) (s stamp) {
	ms := uint64(max(t.Sub(e.Time), 0) / time.Millisecond)
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

func (e epoch) time(s stamp) time.Time {
	if s == (stamp{}) {
		return time.Time{}
	}
	return e.Add(time.Duration(s.ms()) * time.Millisecond)
}

// addCount adds to a count, which stops at its maximum.
func addCount(n *uint32, d uint64) { *n += uint32(min(d, uint64(math.MaxUint32-*n))) }

// clamp returns n as a count, which stops at its maximum.
func clamp[T int | uint64](n T) uint32 { return uint32(min(uint64(max(n, 0)), math.MaxUint32)) }

// newAccount creates the account of a hash that has none, in a vacant place if there is one.
func (l *Ledger) newAccount(key key, hash *[20]byte, at stamp) (a *account, place uint32) {
	l.makeRoom()
	if l.free != 0 {
		place = l.free - 1
		l.free = l.accounts.at(place).change
	} else {
		place = l.accounts.add()
	}
	a = l.accounts.at(place)
	*a = account{hash: *hash, first: at, last: at, rates: longAgo}
	l.index.add(key, place)
	l.live++
	return a, place
}

// slab holds records that never move. It grows by chunks, so that growing copies nothing.
type slab[T any] struct {
	chunks []*[chunkLen]T
	n      int
}

const chunkLen = 1024

func (s *slab[T]) at(i uint32) *T { return &s.chunks[i/chunkLen][i%chunkLen] }

// add returns the place of a new record, which may still hold the content of a removed one.
func (s *slab[T]) add() (place uint32) {
	if s.n == len(s.chunks)*chunkLen {
		s.chunks = append(s.chunks, new([chunkLen]T))
	}
	s.n++
	return uint32(s.n - 1)
}
