package node

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// strangerEvery is how often a query is looked at, so that a busy node spends nothing on it.
const strangerEvery = time.Second

// strangers knows when somebody queried us with whom we had exchanged nothing lately: as long as that happens, our port is
// open. mu guards the contacts.
type strangers struct {
	last, looked atomic.Int64 // in Unix nanoseconds: the latest such query; the last look at one

	mu sync.Mutex
	*recentContacts
}

func (s *strangers) sentTo(ip netip.Addr, now time.Time) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.exchange(ip, now)
	s.mu.Unlock()
}

func (s *strangers) query(ip netip.Addr, now time.Time) {
	if s == nil {
		return
	}
	if at := now.UnixNano(); at-s.looked.Load() < int64(strangerEvery) {
		return
	}
	s.looked.Store(now.UnixNano())
	s.mu.Lock()
	before := s.exchange(ip, now)
	s.mu.Unlock()
	if !before {
		s.last.Store(now.UnixNano())
	}
}

// LastStranger returns when somebody queried us last with whom we had exchanged no packet for 5 minutes or more, whose
// query no mapping in a router let through; the zero time for never, and without Config.Strangers. It is told to a second.
func (n *Node) LastStranger() time.Time {
	if n.strangers == nil {
		return time.Time{}
	}
	if at := n.strangers.last.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}
