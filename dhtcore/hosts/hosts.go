// Package hosts counts the distinct hosts that were seen in the last hour, and what they run, in bounded memory.
//
// dhtcore/node tells a Set of every host that queries us, and another one of every host that replies; dhtcore groups what a Set
// keeps by client and by network. A Set is safe for concurrent use, has a lock of its own, and takes in a packet in constant time
// and without allocation.
//
// A Set is exact up to Capacity hosts. Beyond, it keeps every second host, then every fourth and so on, chosen by a seeded hash of
// the address (M. Wegman's adaptive sampling, analysed by P. Flajolet in 1990): each host kept stands for as many others, and every
// share is that of a uniform sample, whatever it is grouped by. A host that sends a lot weighs no more than one that sends once.
package hosts

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/wire"
)

const (
	// Capacity is how many hosts a Set keeps. A share of them is off by less than 1.1 percentage points in 19 of 20 cases.
	Capacity = 8192
	// Window is how long a host stays after its last packet. Clients refresh their buckets every quarter of an hour.
	Window = time.Hour

	slots      = 2 * Capacity // at 36 bytes each: 576 KiB
	roomyBelow = Capacity / 8 // hosts with which twice as many are kept from then on
)

// Host is one host of a Set.
type Host struct {
	Addr    netip.Addr // an IPv4 address, or the first address of the /64 of an IPv6 one; in local networks the address itself
	Version [4]byte    // "v" of its last packet that had one, cut or filled with zeros; zero for none
}

// Set is a set of hosts. Create it with New. A nil Set takes in nothing.
type Set struct {
	seed  maphash.Seed
	epoch time.Time
	mask  atomic.Uint64 // of the bits of a host's hash that are zero if it is kept

	mu      sync.Mutex
	table   []slot
	n       int
	counted uint64    // the mask of the hosts that are counted: those that were kept for all of the last Window
	lowered time.Time // when mask last became smaller
}

// slot is a host in the table, which is open addressing with linear probing.
type slot struct {
	key     [18]byte // IPv4 in IPv6 form, then the port
	used    bool
	version [4]byte
	seen    uint32 // seconds since the epoch
}

// New returns an empty Set.
func New() *Set { return NewAt(time.Now()) }

// NewAt is New for packets of another time than ours: from epoch on.
func NewAt(epoch time.Time) *Set {
	return &Set{seed: maphash.MakeSeed(), epoch: epoch, table: make([]slot, slots)}
}

// See takes in the sender of a packet and the "v" of the packet, zero for none. As with floods, an IPv4 address is one host, and a
// /64 of IPv6; in local networks each port is one.
func (s *Set) See(from netip.AddrPort, version [4]byte, now time.Time) {
	if s == nil {
		return
	}
	key := keyOf(from)
	h := maphash.Bytes(s.seed, key[:])
	if h&s.mask.Load() != 0 {
		return
	}
	at := uint32(max(now.Sub(s.epoch)/time.Second, 0))
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(h, &key)
	if !e.used {
		if s.n == Capacity && !s.makeRoom(h, at) {
			return
		}
		e = s.find(h, &key)
		*e = slot{key: key, used: true}
		s.n++
	}
	e.seen = max(e.seen, at)
	if version != [4]byte{} {
		e.version = version
	}
}

// keyOf returns what counts as one host.
func keyOf(from netip.AddrPort) (key [18]byte) {
	host, limited := wire.HostKey(from.Addr())
	ip := host.As16()
	copy(key[:], ip[:])
	if port := from.Port(); !limited {
		key[16], key[17] = byte(port>>8), byte(port)
	}
	return key
}

// find returns the slot of a key: its own, or the empty one for it. mu is held.
func (s *Set) find(h uint64, key *[18]byte) *slot {
	for i := h >> 32 % slots; ; i = (i + 1) % slots {
		if e := &s.table[i]; !e.used || e.key == *key {
			return e
		}
	}
}

// makeRoom drops the hosts that have left, and every second host as often as it takes. It reports whether the host with the
// hash h is among those that are kept. mu is held.
func (s *Set) makeRoom(h uint64, at uint32) bool {
	for s.keep(at); s.n == Capacity; s.keep(at) {
		mask := s.mask.Load()*2 + 1
		s.mask.Store(mask)
		s.counted |= mask
	}
	return h&s.mask.Load() == 0
}

// keep drops the hosts that have left or that the mask leaves out. mu is held.
func (s *Set) keep(at uint32) {
	old, mask := s.table, s.mask.Load()
	s.table, s.n = make([]slot, slots), 0
	for i := range old {
		e := &old[i]
		if !e.used || at-min(e.seen, at) > uint32(Window/time.Second) {
			continue
		}
		if h := maphash.Bytes(s.seed, e.key[:]); h&mask == 0 {
			*s.find(h, &e.key) = *e
			s.n++
		}
	}
}

// Sweep drops the hosts that have left, and keeps more of them again when there is much room. Call it every minute or so.
func (s *Set) Sweep(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(uint32(max(now.Sub(s.epoch)/time.Second, 0)))
	mask := s.mask.Load()
	if now.Sub(s.lowered) < Window {
		return
	}
	s.counted = mask
	if mask > 0 && s.n < roomyBelow {
		s.mask.Store(mask / 2) // counted follows when those that it adds were kept for as long as the others
		s.lowered = now
	}
}

// Hosts appends the hosts of the last Window to dst. Each stands for each hosts.
func (s *Set) Hosts(dst []Host, now time.Time) (all []Host, each int) {
	at := uint32(max(now.Sub(s.epoch)/time.Second, 0))
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.table {
		e := &s.table[i]
		if !e.used || at-min(e.seen, at) > uint32(Window/time.Second) {
			continue
		}
		if s.counted != 0 && maphash.Bytes(s.seed, e.key[:])&s.counted != 0 {
			continue
		}
		dst = append(dst, Host{netip.AddrFrom16([16]byte(e.key[:16])).Unmap(), e.version})
	}
	return dst, int(s.counted) + 1
}
