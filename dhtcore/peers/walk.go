package peers

import (
	"math"
	"time"
)

// Swarm is what Walk tells of a swarm.
type Swarm struct {
	Hash [20]byte
	Counts
	Rate float64 // announces to the tracker, a second, averaged over about RateOver
}

// RateOver is the time over which Walk averages the announces of a swarm, and rateLeast the time that a young store
// averages over: a single announce is no rate.
const (
	RateOver  = 3 * time.Minute
	rateLeast = 30 * time.Second
)

// walkStep is how many swarms Walk copies under the lock at once.
const walkStep = 512

// Walk calls visit with each swarm and brings its Rate up to the time now. It holds the lock for a few swarms at a time,
// as Expire does, and not while it calls visit. A swarm that moves meanwhile may be missed or told of twice.
func (s *Store) Walk(now time.Time, visit func(*Swarm)) {
	s.walking.Lock()
	defer s.walking.Unlock()
	since := max(now.Sub(s.walked), 0)
	s.walked = s.walked.Add(since)
	keep := math.Exp(-since.Seconds() / RateOver.Seconds())
	age := max(now.Sub(s.epoch)-s.cfg.TTL, rateLeast)
	weight := RateOver.Seconds() * (1 - math.Exp(-age.Seconds()/RateOver.Seconds())) // what is before New does not count
	buf := make([]Swarm, 0, walkStep)
	for next, p := math.MaxInt, newPace(aStep); next > 0; p.rest() { // from the end: a removed swarm is replaced by the last one
		buf, next = s.walkFew(buf[:0], next, float32(keep))
		for i := range buf {
			buf[i].Rate /= weight
			visit(&buf[i])
		}
	}
}

// walkFew appends some swarms, downwards from next, and returns where to go on. Their Rate is not weighed yet.
func (s *Store) walkFew(dst []Swarm, next int, keep float32) (swarms []Swarm, rest int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next = min(next, s.swarms.n)
	for next > 0 && len(dst) < walkStep {
		next--
		sw := s.swarms.at(uint32(next))
		sw.lately *= keep
		dst = append(dst, Swarm{Hash: sw.hash, Counts: sw.counts(), Rate: float64(sw.lately)})
	}
	return dst, next
}
