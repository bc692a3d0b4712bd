package table

import (
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// Closest appends to dst the n good nodes of the buckets that are closest to target, closest first.
// Where the buckets hold fewer than n good nodes, the questionable ones count as well.
func (t *Table) Closest(dst []wire.Contact, target wire.ID, n int, now time.Time) []wire.Contact {
	from := len(dst)
	dst = t.closest(dst, target, n, now, Good)
	if len(dst)-from < n {
		dst = t.closest(dst[:from], target, n, now, Questionable)
	}
	return dst
}

// closest considers nodes up to the state worst. Buckets are visited in the order of their distance
// to target: the one that target falls in, then all that are nearer to us, which lie together at one
// distance from it, then outwards one by one. It stops at the first group that completes n.
func (t *Table) closest(dst []wire.Contact, target wire.ID, n int, now time.Time, worst State) []wire.Contact {
	from := len(dst)
	home := t.index(target)
	dst = t.buckets[home].appendUpTo(dst, worst, now)
	dst = sortFrom(dst, from, target)
	if near := len(dst); near-from < n {
		for i := home + 1; i < len(t.buckets); i++ {
			dst = t.buckets[i].appendUpTo(dst, worst, now)
		}
		dst = sortFrom(dst, near, target)
	}
	for i := home - 1; i >= 0 && len(dst)-from < n; i-- {
		group := len(dst)
		dst = t.buckets[i].appendUpTo(dst, worst, now)
		dst = sortFrom(dst, group, target)
	}
	return dst[:min(len(dst), from+n)]
}

func (b *bucket) appendUpTo(dst []wire.Contact, worst State, now time.Time) []wire.Contact {
	for _, n := range b.main {
		if n.State(now) <= worst {
			dst = append(dst, n.Contact)
		}
	}
	return dst
}

func sortFrom(c []wire.Contact, from int, target wire.ID) []wire.Contact {
	slices.SortFunc(c[from:], func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
	return c
}
