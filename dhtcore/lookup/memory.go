package lookup

import (
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Memory is what lookups learn for those that follow: who answered lately and how fast, how long
// answers take in general, and how large the network is. It is shared by all lookups of a node and
// safe for concurrent use.
type Memory struct {
	mu           sync.Mutex
	caches       [2]nodeCache // of IPv4 and IPv6
	unresponsive unresponsive
	rtts         rttHistogram
	replyRate    replyRate
	sizes        [2]sizes
}

// NewMemory returns an empty memory. It takes up to 400 KB an address family and 1 MB
// for those that do not answer.
func NewMemory() *Memory { return &Memory{rtts: newRTTHistogram()} }

// Heard notes that c answered under that ID after rtt; 0 when that is not known.
func (m *Memory) Heard(c wire.Contact, rtt time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.caches[familyOf(c)].add(cachedNode{c, rtt, time.Now()})
	m.unresponsive.replied(c)
	if rtt > 0 {
		m.rtts.add(rtt)
	}
}

// Silent notes that c did not answer, or answered as somebody else.
func (m *Memory) Silent(c wire.Contact) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.caches[familyOf(c)].remove(c)
	m.unresponsive.failed(c, time.Now())
}

// closest returns up to n nodes of one family that answered lately, those close to target first.
func (m *Memory) closest(family int, target wire.ID, n int) []cachedNode {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.caches[family].closest(target, n, time.Now())
}

// recall returns the RTT of c, 0 when it is not known, and how often in a row it failed to reply lately.
func (m *Memory) recall(c wire.Contact) (rtt time.Duration, failures int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k := m.caches[familyOf(c)].find(c); k != nil {
		rtt = k.rtt
	}
	return rtt, m.unresponsive.failures(c, time.Now())
}

func (m *Memory) timeout(rtt time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rtts.timeout(rtt)
}

func (m *Memory) medianRTT() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rtts.median()
}

// countReferral notes whether a node that others named replied.
func (m *Memory) countReferral(replied bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.replyRate.add(replied)
}

// outlook is a copy of what to expect of the network.
type outlook struct {
	rtts      rttHistogram
	replyRate float64 // of nodes that others named
	medianRTT time.Duration
}

func (m *Memory) outlook() outlook {
	m.mu.Lock()
	defer m.mu.Unlock()
	return outlook{m.rtts, m.replyRate.share(), m.rtts.median()}
}

// Size returns the estimated size of the IPv4 or the IPv6 network.
func (m *Memory) Size(v6 bool) Size {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v6 {
		return m.sizes[1].estimate()
	}
	return m.sizes[0].estimate()
}

// measure takes in what a finished lookup adds to the estimate of the size.
func (m *Memory) measure(family int, one sample) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sizes[family].add(one)
}

// familyOf is 0 for a node with an IPv4 address, 1 for IPv6.
func familyOf(c wire.Contact) int {
	if c.Addr.Addr().Is6() {
		return 1
	}
	return 0
}
