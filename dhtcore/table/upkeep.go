package table

import (
	"math/rand/v2"
	"time"

	"dhtop/dhtcore/wire"
)

// RetryAfter is how long a node that did not answer is left alone. The time doubles with every further
// failure, maxDoublings times (to 5 minutes): a dead node that nobody replaces is not pestered.
const (
	RetryAfter   = 20 * time.Second
	maxDoublings = 4
)

// DuePing returns up to n nodes that should be asked whether they are alive: those of the buckets
// that are questionable, unanswered or in doubt, the longest unseen of each bucket first.
func (t *Table) DuePing(n int, now time.Time) (due []wire.Contact) {
	for i := range t.buckets {
		var oldest *Node
		for _, c := range t.buckets[i].main {
			waiting := c.State(now) != Good || c.Fails > 0 || c.doubted
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

func (n *Node) retryAfter() time.Duration {
	return RetryAfter << min(max(n.Fails-1, 0), maxDoublings)
}

// Asked records that a query to c is on its way, so that DuePing does not name it again meanwhile.
func (t *Table) Asked(c wire.Contact, now time.Time) {
	if n := t.where[Slot(c.Addr)]; n != nil && n.ID == c.ID {
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

// Thin returns a random ID inside each bucket that has room, farthest first: what to look up to meet
// nodes that belong there. The last bucket, our own neighbourhood, is filled by looking up our own ID.
func (t *Table) Thin() (targets []wire.ID) {
	for i := range len(t.buckets) - 1 {
		if len(t.buckets[i].main) < K {
			targets = append(targets, t.within(i))
		}
	}
	return targets
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
