package items

import "time"

// Held is what a Store holds for others, and what it had no room for.
type Held struct {
	Items, Mutable     int
	Bytes              int                   // of memory, about
	OverShare          uint64                // puts refused, as their sender had its share, so far
	PushedOut          uint64                // items dropped for newer ones, so far
	Expiring           [len(ExpireSteps)]int // items that expire within ExpireSteps unless they are put again
	MaxItems, MaxBytes int
}

// ExpireSteps are the times ahead for which Held says what expires.
var ExpireSteps = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// Held returns what is stored as of now. It walks all items, which takes a millisecond where the store is full: call it every few
// seconds at most.
func (s *Store) Held(now time.Time) Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	h := Held{Items: s.byAge.Len(), Bytes: s.bytes, OverShare: s.overShare, PushedOut: s.pushedOut,
		MaxItems: s.cfg.MaxItems, MaxBytes: s.cfg.MaxBytes}
	for place := s.byAge.Front(); place != nil; place = place.Next() {
		e := place.Value.(*entry)
		if e.item.Mutable() {
			h.Mutable++
		}
		left := s.cfg.TTL - now.Sub(e.put)
		for step, within := range ExpireSteps {
			if left <= within {
				h.Expiring[step]++
			}
		}
	}
	return h
}
