package lookup

import (
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Shared is what lookups learn for those that follow: which nodes replied lately and how fast, how long
// replies take in general, and how large the network is. All lookups of a node share one. It is safe for
// concurrent use.
type Shared struct {
	mu           sync.Mutex
	caches       [wire.Families]nodeCache // of nodes that replied
	named        [wire.Families]nodeCache // of nodes that others have named lately, and of which nothing else is known
	unresponsive unresponsive
	rtts         rttHistogram // of all nodes
	secureRTTs   rttHistogram // of those with a valid ID (BEP 42)
	replyRate    replyRate
	steadiness   steadiness
	survival     survival // of queries to nodes that others named
	sizes        [wire.Families]estimator
}

// NewShared returns a Shared that knows nothing. It grows up to 800 KB an address family and 1 MB of
// unresponsive nodes.
func NewShared() *Shared {
	return &Shared{rtts: newRTTHistogram(), secureRTTs: newRTTHistogram(), survival: newSurvival()}
}

// Replied notes that c replied under its ID after rtt, 0 when that is not known.
func (s *Shared) Replied(c wire.Contact, rtt time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secure := s.caches[familyOf(c)].add(cachedNode{Contact: c, rtt: rtt, seen: time.Now()})
	s.named[familyOf(c)].remove(c)
	s.unresponsive.replied(c)
	if rtt > 0 {
		s.rtts.add(rtt)
		if secure {
			s.secureRTTs.add(rtt)
		}
	}
}

// history returns the round-trip times to go by: those of nodes with a valid ID if there are enough. Others, which
// anybody can have many of, could reply so fast that honest nodes would not be waited for.
func (s *Shared) history() *rttHistogram {
	if s.secureRTTs.total >= enoughHistory {
		return &s.secureRTTs
	}
	return &s.rtts
}

// Failed notes that c did not reply.
func (s *Shared) Failed(c wire.Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var before time.Time
	if n := s.caches[familyOf(c)].find(c); n != nil {
		before = n.seen
	}
	s.caches[familyOf(c)].remove(c)
	s.named[familyOf(c)].remove(c)
	s.unresponsive.failed(c, before, time.Now())
}

// Lied notes that c replied under another ID, or with nothing of use.
func (s *Shared) Lied(c wire.Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.caches[familyOf(c)].remove(c)
	s.named[familyOf(c)].remove(c)
	s.unresponsive.lied(c, time.Now())
}

// Named notes that somebody has named c, whom lookups may ask where nobody closer is known.
func (s *Shared) Named(c wire.Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, family := time.Now(), familyOf(c)
	if n := s.caches[family].find(c); n != nil && now.Sub(n.seen) < namedLifetime || s.unresponsive.failures(c, now) > 0 {
		return
	}
	s.named[family].add(cachedNode{Contact: c, seen: now})
}

// closestNamed returns up to 2n nodes of one family that may be there: those that replied in the last hour, then those
// that others have named, each closest to target first.
func (s *Shared) closestNamed(family wire.Family, target wire.ID, n int) []cachedNode {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	return append(s.caches[family].closest(target, n, now, namedLifetime), s.named[family].closest(target, n, now, namedLifetime)...)
}

// closest returns up to n nodes of one family that replied lately, closest to target first.
func (s *Shared) closest(family wire.Family, target wire.ID, n int) []cachedNode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.caches[family].closest(target, n, time.Now(), cacheLifetime)
}

// recall returns the RTT of c, 0 when it did not reply lately, and how often in a row it failed to reply lately.
func (s *Shared) recall(c wire.Contact) (rtt time.Duration, failures int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if n := s.caches[familyOf(c)].find(c); n != nil && now.Sub(n.seen) < cacheLifetime {
		rtt = n.rtt
	}
	return rtt, s.unresponsive.failures(c, now)
}

func (s *Shared) timeout(rtt time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history().timeout(rtt)
}

func (s *Shared) medianRTT() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history().median()
}

// countReferral notes whether a node that others named replied.
func (s *Shared) countReferral(replied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replyRate.add(replied)
}

// countSteady notes whether a node replied that had replied lately.
func (s *Shared) countSteady(replied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steadiness.add(replied)
}

// tries returns how often a node is asked, in one lookup or in several, until it counts as one that does not reply.
func (s *Shared) tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.steadiness.tries()
}

// outlook is a copy of what to expect of the network.
type outlook struct {
	rtts      rttHistogram
	replyRate float64 // of nodes that others named
	medianRTT time.Duration
}

func (s *Shared) outlook() outlook {
	s.mu.Lock()
	defer s.mu.Unlock()
	rtts := s.history()
	return outlook{*rtts, s.replyRate.share(), rtts.median()}
}

// NetworkSize returns the estimated size of the network of one address family.
func (s *Shared) NetworkSize(family wire.Family) Size {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sizes[family].networkSize()
}

// waited counts how long the queries of a lookup took, or had taken when it ended, and returns a copy of what is known.
func (s *Shared) waited(queries []*candidate, ended time.Duration) survival {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.survival.decay()
	for _, c := range queries {
		switch {
		case c.isSeed() && !c.unproven:
		case c.status == replied:
			s.survival.count(c.step.Asked-c.asked+c.step.RTT, true)
		case c.inFlight() || c.status == unreachable:
			s.survival.count(ended-c.asked, false)
		}
	}
	s.survival.fit()
	return s.survival
}

// trackSize adds what a finished lookup measured to the estimate of the size.
func (s *Shared) trackSize(family wire.Family, m measurement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sizes[family].track(m)
}

func familyOf(c wire.Contact) wire.Family { return wire.FamilyOf(c.Addr.Addr()) }
