// Package journal is the ring of recent events. The log on the screen, the event streams of crawl and serve
// and the HTTP API read it.
//
// Writers (the node, the lookups, the crawl) Add and never block. Readers ask for the events After the last
// one that they saw, and learn how many they missed. One lock is held for a copy. Packets sees the raw
// packets and has a ring for each who watches them, with a lock of its own.
package journal

import (
	"slices"
	"sync"
	"time"
)

// DefaultSize is the length of the ring in events: several seconds of a node under full load, 2.5 MB.
const DefaultSize = 1 << 14

// Journal is a ring of events. Create it with New; its methods are safe for concurrent use.
type Journal struct {
	mu   sync.Mutex
	ring []Event
	next uint64 // sequence number of the next event, from 1

	warnings []Event // and alerts: the latest, oldest first; replaced, never changed
}

// KeptWarnings is how many warnings and alerts outlive the ring: more than fit on most screens.
const KeptWarnings = 20

// New returns a journal that keeps the latest size events.
func New(size int) *Journal { return &Journal{ring: make([]Event, size), next: 1} }

// Add stores e with its sequence number. A zero e.At becomes now.
func (j *Journal) Add(e Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.add(&e)
}

// AddAll is Add of events in their order, which nothing comes between.
func (j *Journal) AddAll(events []Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range events {
		j.add(&events[i])
	}
}

// add stores e. mu is held.
func (j *Journal) add(e *Event) {
	if e.At.IsZero() {
		e.At = time.Now()
	}
	e.Seq = j.next
	j.next++
	j.ring[e.Seq%uint64(len(j.ring))] = *e
	if e.Kind == Warning || e.Kind == Alerted {
		j.warnings = append(slices.Clone(j.warnings[max(len(j.warnings)+1-KeptWarnings, 0):]), *e)
	}
}

// Warnings returns the latest KeptWarnings warnings and alerts, oldest first, even if the ring has lost them. The slice
// is read-only.
func (j *Journal) Warnings() []Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.warnings
}

// After appends to dst up to n events that follow sequence number seq, oldest first. lost is how many events
// after seq were already overwritten.
func (j *Journal) After(dst []Event, seq uint64, n int) (events []Event, lost uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.after(dst, seq, n)
}

func (j *Journal) after(dst []Event, seq uint64, n int) (events []Event, lost uint64) {
	first := seq + 1
	if oldest := j.next - min(j.next-1, uint64(len(j.ring))); first < oldest {
		lost, first = oldest-first, oldest
	}
	for ; first < j.next && n > 0; n-- {
		dst = append(dst, j.ring[first%uint64(len(j.ring))])
		first++
	}
	return dst, lost
}

// Last appends to dst the latest n events, oldest first.
func (j *Journal) Last(dst []Event, n int) []Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	events, _ := j.after(dst, j.next-1-min(j.next-1, uint64(n)), n)
	return events
}

// Seq returns the sequence number of the latest event, 0 when there is none.
func (j *Journal) Seq() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next - 1
}
