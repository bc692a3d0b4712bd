package cli

import (
	"hash/maphash"

	"dhtop/dhtcore"
)

// seenMost is how many hashes and addresses a generation of a seenSet remembers: 5 MB.
const seenMost = 1 << 18

// seenSet remembers the hashes and the IP addresses that lines of each kind had, in bounded memory: at least the last
// seenMost of them, and never more than twice as many. The zero value is empty.
type seenSet struct {
	now, before map[uint64]struct{} // generations: when now is full, it becomes before
}

// seenSeed makes the keys, which are all that is kept, hard to choose.
var seenSeed = maphash.MakeSeed()

// what a key stands for
const (
	seenHash = iota
	seenAddr
)

// news reports whether an event has a hash or an address that no event of its kind had before; true if it has
// neither.
func (s *seenSet) news(e *dhtcore.Event) bool {
	keys, n := seenKeys(e)
	for _, key := range keys[:n] {
		if !s.has(key) {
			return true
		}
	}
	return n == 0
}

// add remembers the hash and the address of an event.
func (s *seenSet) add(e *dhtcore.Event) {
	keys, n := seenKeys(e)
	for _, key := range keys[:n] {
		s.put(key)
	}
}

// seenKeys returns the keys of what an event has, and how many there are. The port of an address does not count.
func seenKeys(e *dhtcore.Event) (keys [2]uint64, n int) {
	if !e.Hash.Zero() {
		keys[n] = seenKey(e.Kind, seenHash, e.Hash[:])
		n++
	}
	if e.Addr.IsValid() {
		ip := e.Addr.Addr().As16()
		keys[n] = seenKey(e.Kind, seenAddr, ip[:])
		n++
	}
	return keys, n
}

func seenKey(kind dhtcore.EventKind, what byte, b []byte) uint64 {
	var key [2 + 20]byte
	key[0], key[1] = byte(kind), what
	return maphash.Bytes(seenSeed, key[:2+copy(key[2:], b)])
}

// has reports whether key is remembered, and remembers it anew.
func (s *seenSet) has(key uint64) bool {
	if _, ok := s.now[key]; ok {
		return true
	}
	if _, ok := s.before[key]; ok {
		s.put(key)
		return true
	}
	return false
}

func (s *seenSet) put(key uint64) {
	if len(s.now) >= seenMost {
		s.now, s.before = nil, s.now
	}
	if s.now == nil {
		s.now = make(map[uint64]struct{})
	}
	s.now[key] = struct{}{}
}
