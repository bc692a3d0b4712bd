package peers

import (
	"math"
	"time"

	"dhtop/dhtcore/wire"
)

// Expire releases the lock after each step, so that no packet waits for it for long. A removed record costs
// more than one that stays, because the indexes are far apart in memory.
const (
	expireStep = 1024 // records looked at in one step
	removeCost = 7    // more, for one that is removed
)

// Expire removes the peers that have not announced for TTL, and the swarms that this empties but for the deserted. It returns
// how many peers it removed. It walks all swarms, but holds the lock only for a few at a time. Call it
// every minute or so, not from the goroutine that answers packets.
func (s *Store) Expire(now time.Time) (removed int) {
	limit := before(s.second(now), s.ttl())
	if limit == 0 {
		return 0
	}
	// From the end: a removed swarm is replaced by the last one, which was already looked at.
	for next, p := math.MaxInt, newPace(aMoment); next > 0; p.rest() {
		var n int
		n, next = s.expireFew(next, limit)
		removed += n
	}
	return removed
}

// expireFew expires the peers of some swarms, downwards from next, and returns where to go on.
func (s *Store) expireFew(next int, limit uint32) (removed, rest int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next = min(next, s.swarms.n)
	for cost := 0; next > 0 && cost < expireStep; {
		next--
		n, looked := s.expire(uint32(next), limit)
		removed += n
		cost += looked + n*removeCost
	}
	return removed, next
}

// expire removes the peers of one swarm whose last announce was before limit, and the swarm when none is
// left, unless its completed count keeps it. It returns how many it removed and how many records it looked at.
func (s *Store) expire(id, limit uint32) (removed, looked int) {
	sw := s.swarms.at(id)
	if sw.oldest >= limit {
		return 0, 1
	}
	oldest := uint32(math.MaxUint32)
	for f := range wire.Families {
		l := s.list(sw, f)
		looked += l.n
		kept := 0
		for i := range l.n {
			at := l.at(i)
			if at < limit {
				s.countHost(f, l.record(i), -1)
				sw.count(f, l.flags(i), -1)
				continue
			}
			oldest = min(oldest, at)
			if kept != i {
				copy(l.record(kept), l.record(i))
			}
			kept++
		}
		if kept < l.n {
			removed += l.n - kept
			sw.runs[f].n = uint16(kept)
			s.shrink(sw, id, f)
		}
	}
	s.peers -= removed
	if sw.len() == 0 {
		s.emptied(sw, id)
		return removed, looked
	}
	sw.oldest = oldest
	return removed, looked
}

// ttl is Config.TTL in whole seconds, rounded up.
func (s *Store) ttl() uint32 { return uint32((s.cfg.TTL + time.Second - 1) / time.Second) }

// before returns the second that is d before at, 0 when that is before the store's epoch.
func before(at, d uint32) uint32 {
	if at < d {
		return 0
	}
	return at - d
}
