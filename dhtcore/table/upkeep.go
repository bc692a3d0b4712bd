package table

import (
	"math/rand/v2"
	"time"

	"dhtop/dhtcore/wire"
)

// RetryAfter is how long a node that did not reply is left alone. The time doubles with every further
// failure, maxDoublings times (to 5 minutes), so that a dead node without a replacement is not pestered.
const (
	RetryAfter   = 20 * time.Second
	maxDoublings = 4
)

// DuePing returns up to n nodes that are due a ping, at most one a bucket: the longest unseen of those that
// are questionable, suspect or did not reply to the last query.
func (t *Table) DuePing(n int, now time.Time) (due []wire.Contact) {
	for i := range t.buckets {
		var oldest *Node
		for _, c := range t.buckets[i].main {
			waiting := c.State(now) != Good || c.Fails > 0 || c.suspect
			if waiting && now.Sub(c.LastAsked) >= c.retryAfter() && (oldest == nil || c.LastSeen().Before(oldest.LastSeen())) {
				oldest = c
			}
		}
		if oldest != nil && len(due) < n {
			due = append(due, oldest.Contact)
		}
	}
	return due
}

// retryAfter is how long n is left alone after it was asked. A node of a saved table that has never replied may be long
// gone, and somebody else's address.
func (n *Node) retryAfter() time.Duration {
	if n.LastReply.IsZero() && n.Fails >= MaxFails {
		return GoodFor
	}
	return RetryAfter << min(max(n.Fails-1, 0), maxDoublings)
}

// MarkAsked records that a query to c is on its way, so that DuePing does not return it again meanwhile.
func (t *Table) MarkAsked(c wire.Contact, now time.Time) {
	if n := t.bySlot[Slot(c.Addr)]; n != nil && n.ID == c.ID {
		n.LastAsked = now
	}
}

// DueRefresh returns a random ID inside a bucket that has not changed for GoodFor, for a lookup that
// refreshes the bucket (BEP 5), and marks it as changed. ok is false when no bucket is stale.
func (t *Table) DueRefresh(now time.Time) (target wire.ID, ok bool) {
	for i := range t.buckets {
		b := &t.buckets[i]
		if now.Sub(b.changed) >= GoodFor {
			b.changed = now
			return t.randomIDIn(i), true
		}
	}
	return wire.ID{}, false
}

// Underfull returns a random ID inside each bucket that has room, farthest first. A lookup of the ID finds
// nodes for the bucket. The last bucket, our own neighbourhood, is left out: a lookup of our own ID fills it.
func (t *Table) Underfull() (targets []wire.ID) {
	for i := range len(t.buckets) - 1 {
		if len(t.buckets[i].main) < K {
			targets = append(targets, t.randomIDIn(i))
		}
	}
	return targets
}

// randomIDIn returns a random ID that shares exactly i bits with our own.
func (t *Table) randomIDIn(i int) wire.ID {
	id := t.self
	for bit := i; bit < wire.IDBits; bit++ {
		mask := byte(0x80) >> (bit % 8)
		if bit == i || rand.Uint32()&1 == 0 {
			id[bit/8] ^= mask
		}
	}
	return id
}
