package node

import (
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// A signature takes far longer to check than any other packet takes (.github/BENCHMARKS.md). On the goroutine that reads
// the socket a few puts would hold up everybody.
const (
	maxCheckers  = 2   // goroutines of a node that check signatures
	maxUnchecked = 256 // puts that wait for them
)

// put is a put whose signature is to be checked. It shares no memory with the packet.
type put struct {
	item wire.Item
	tid  []byte
	from wire.Contact
	at   time.Time
}

// signatures are the puts whose signatures are not checked yet. A worker runs only while there are any.
type signatures struct {
	running sync.WaitGroup

	mu      sync.Mutex
	waiting []put
	workers int
}

// add has p checked by check on another goroutine. It returns false when too many wait.
func (s *signatures) add(p put, check func(put)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= maxUnchecked {
		return false
	}
	s.waiting = append(s.waiting, p)
	if s.workers < maxCheckers {
		s.workers++
		s.running.Go(func() {
			for p, ok := s.next(); ok; p, ok = s.next() {
				check(p)
			}
		})
	}
	return true
}

// next takes the put that has waited longest. When there is none, the worker that asks must end.
func (s *signatures) next() (p put, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		s.workers--
		s.waiting = nil
		return put{}, false
	}
	p = s.waiting[0]
	s.waiting[0] = put{}
	s.waiting = s.waiting[1:]
	return p, true
}
