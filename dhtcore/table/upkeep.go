package table

import (
	"math/rand/v2"
	"time"

	"dhtop/dhtcore/wire"
)

// RetryAfter is how long a node that did not answer is left alone.
const RetryAfter = 20 * time.Second

// DuePing returns up to n nodes that should be asked whether they are alive: those of the buckets
// that are questionable or unanswered, the longest unseen of each bucket first.
func (t *Table) DuePing(n int, now time.Time) (due []wire.Contact) {
	for i := range t.buckets {
		var oldest *Node
		for _, c := range t.buckets[i].main {
			waiting := c.State(now) != Good || c.Fails > 0
			if waiting && now.Sub(c.LastAsked) >= RetryAfter && (oldest == nil || c.LastSeen().Before(oldest.LastSeen())) {
				oldest = c
			}
		}
		if oldest != nil && len(due) < n {
			due = append(due, oldest.Contact)
		}
	}
	return due
}

// Asked records that a query to c is on its way, so that DuePing does not name it again meanwhile.
func (t *Table) Asked(c wire.Contact, now time.Time) {
	if n := t.where[slot(c.Addr)]; n != nil && n.ID == c.ID {
		n.LastAsked = now
	}
}

// DueRefresh returns a random ID inside a bucket that has not changed for GoodFor (BEP 5: look it
// up), and marks that bucket as changed.
func (t *Table) DueRefresh(now time.Time) (target wire.ID, ok bool) {
	for i := range t.buckets {
		b := &t.buckets[i]
		if now.Sub(b.changed) >= GoodFor {
			b.changed = now
			return t.within(i), true
		}
	}
	return wire.ID{}, false
}

// within returns a random ID that shares exactly i bits with our own.
func (t *Table) within(i int) wire.ID {
	id := t.self
	for bit := i; bit < wire.IDBits; bit++ {
		mask := byte(0x80) >> (bit % 8)
		if bit == i || rand.Uint32()&1 == 0 {
			id[bit/8] ^= mask
		}
	}
	return id
}
