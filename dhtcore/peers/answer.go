package peers

import (
	"math/rand/v2"

	"dhtop/dhtcore/wire"
)

// AppendCompact appends up to n peers of hash in compact form, of one family: a run of the
// swarm from a random start, so that repeated questions see all of a large swarm. noSeed leaves out
// those that said they are seeds (BEP 33).
func (s *Store) AppendCompact(dst []byte, hash [20]byte, f wire.Family, noSeed bool, n int) []byte {
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, _ := s.find(key, &hash)
	if sw == nil {
		return dst
	}
	l := s.list(sw, f)
	if l.n == 0 {
		return dst
	}
	i := rand.IntN(l.n)
	for range l.n {
		if n <= 0 {
			break
		}
		if !noSeed || !l.seed(i) {
			dst = append(dst, l.addr(i)...)
			n--
		}
		if i++; i == l.n {
			i = 0
		}
	}
	return dst
}

// AppendSamples appends up to n of the stored info_hashes, 20 bytes each, and returns how many are
// stored (BEP 51). It walks them with random strides from a random start: a stride that has no
// divisor in common with their number meets each of them once.
func (s *Store) AppendSamples(dst []byte, n int) (samples []byte, stored int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored = s.swarms.n
	if stored == 0 {
		return dst, 0
	}
	at, stride := rand.IntN(stored), 1+rand.IntN(stored)
	for divisor(stride, stored) != 1 {
		stride = 1 + rand.IntN(stored)
	}
	for range min(n, stored) {
		dst = append(dst, s.swarms.at(uint32(at)).hash[:]...)
		at = (at + stride) % stored
	}
	return dst, stored
}

// divisor is the greatest one that a and b have in common.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// each calls visit for every peer of hash in one family, in no particular order: its compact address, 6
// or 18 bytes that are valid during the call only, and whether it said that it is a seed. visit runs
// under the store's lock and must not call the store.
func (s *Store) each(hash [20]byte, f wire.Family, visit func(addr []byte, seed bool)) {
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, _ := s.find(key, &hash)
	if sw == nil {
		return
	}
	l := s.list(sw, f)
	for i := range l.n {
		visit(l.addr(i), l.seed(i))
	}
}
