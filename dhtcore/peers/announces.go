package peers

import "math"

// Announces are those of one hash.
type Announces struct {
	Hash [20]byte
	N    uint32
}

// maxGone is how many removed swarms wait for TakeAnnounces, 24 bytes each. What more there are is not told.
const maxGone = 1 << 16

// TakeAnnounces calls take with the announces that Track has had since the last call but for those of peers that leave,
// some swarms at a time; take must not keep the slice. An announce costs no more than an addition for it. It walks all
// swarms, but holds the lock only for a few at a time, and not while take runs. Call it every second or so from one
// goroutine.
func (s *Store) TakeAnnounces(take func([]Announces)) {
	s.mu.Lock()
	gone := s.gone
	s.gone = nil
	s.mu.Unlock()
	if len(gone) > 0 {
		take(gone)
	}
	some := make([]Announces, 0, expireStep)
	for next, p := math.MaxInt, newPace(aStep); next > 0; p.rest() { // from the end: a removed swarm is replaced by the last one, which was taken
		some, next = s.takeFew(some[:0], next)
		if len(some) > 0 {
			take(some)
		}
	}
}

// takeFew takes the announces of some swarms, downwards from next, and returns where to go on.
func (s *Store) takeFew(dst []Announces, next int) (some []Announces, rest int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next = min(next, s.swarms.n)
	for range min(expireStep, next) {
		next--
		if sw := s.swarms.at(uint32(next)); sw.announces > 0 {
			dst = append(dst, Announces{sw.hash, sw.announces})
			sw.announces = 0
		}
	}
	return dst, next
}

// keepAnnounces keeps those of a swarm that is removed. mu is held.
func (s *Store) keepAnnounces(sw *swarm) {
	if sw.announces > 0 && len(s.gone) < maxGone {
		s.gone = append(s.gone, Announces{sw.hash, sw.announces})
	}
}
