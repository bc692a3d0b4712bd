package peers

import (
	"math/rand/v2"

	"dhtop/dhtcore/wire"
)

// AppendCompact appends up to n peers of hash in one family, 6 bytes each for IPv4 and 18 for IPv6 (BEP 5,
// BEP 32). They follow each other in the swarm from a random start, so that repeated queries see all of a
// large swarm. noSeed leaves out the peers that announced as seeds (BEP 33).
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

// AppendSamples appends up to n of the info_hashes that have peers of one family, 20 bytes each, and returns how many
// have (BEP 51; BEP 32 keeps the two networks apart). It walks them with a random stride from a random start. A stride
// without a common divisor with their number visits each of them once.
func (s *Store) AppendSamples(dst []byte, f wire.Family, n int) (samples []byte, stored int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stored = s.runs(f); stored == 0 {
		return dst, 0
	}
	at, stride := rand.IntN(stored), 1+rand.IntN(stored)
	for gcd(stride, stored) != 1 {
		stride = 1 + rand.IntN(stored)
	}
	for range min(n, stored) {
		dst = append(dst, s.withRun(f, at).hash[:]...)
		at = (at + stride) % stored
	}
	return dst, stored
}

// runs returns how many swarms have peers of a family: each has one block of the family's pools.
func (s *Store) runs(f wire.Family) (n int) {
	for class := range s.pools[f] {
		n += s.pools[f][class].n
	}
	return n
}

// withRun returns one of the swarms that have peers of a family, by a number from 0 to runs-1.
func (s *Store) withRun(f wire.Family, number int) *swarm {
	class := 0
	for number >= s.pools[f][class].n {
		number -= s.pools[f][class].n
		class++
	}
	return s.swarms.at(s.pools[f][class].owner(uint32(number)))
}

// gcd returns the greatest common divisor.
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// each calls visit for every peer of hash in one family, in no particular order, with its compact address,
// 6 or 18 bytes that are valid during the call only, and whether it announced as a seed. visit runs under
// the store's lock and must not call the store.
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
