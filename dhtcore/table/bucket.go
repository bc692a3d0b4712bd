package table

import (
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

type bucket struct {
	main    []*Node
	spare   []*Node // oldest first
	changed time.Time
}

// insert puts a node that the table does not hold where it belongs.
func (t *Table) insert(n *Node, now time.Time) Change {
	for {
		i := t.index(n.ID)
		b := &t.buckets[i]
		switch {
		case len(b.main) < K:
		case t.splits(i):
			t.split()
			continue
		case b.worst(now).State(now) == Bad && n.State(now) == Good:
			t.remove(b.worst(now))
		default:
			t.addSpare(b, n)
			return Unchanged
		}
		b.main = append(b.main, n)
		b.changed = now
		t.where[slot(n.Addr)] = n
		return Joined
	}
}

// splits tells whether bucket i may split: only the one that holds our own ID does (BEP 5), and only
// where that parts its nodes or makes room for the newcomer.
func (t *Table) splits(i int) bool { return i == len(t.buckets)-1 && i < wire.IDBits-1 }

// split parts the last bucket into those nodes that share exactly its prefix and those that share more.
func (t *Table) split() {
	i := len(t.buckets) - 1
	old := t.buckets[i]
	t.buckets[i] = bucket{changed: old.changed}
	t.buckets = append(t.buckets, bucket{changed: old.changed})
	for _, n := range old.main {
		b := &t.buckets[t.index(n.ID)]
		b.main = append(b.main, n)
	}
	for _, n := range old.spare {
		b := &t.buckets[t.index(n.ID)]
		if len(b.main) < K {
			n.Spare = false
			b.main = append(b.main, n)
		} else {
			b.spare = append(b.spare, n)
		}
	}
}

// addSpare keeps n as the newest replacement, in the place of the oldest one when the cache is full.
func (t *Table) addSpare(b *bucket, n *Node) {
	if len(b.spare) == MaxSpare {
		t.remove(b.spare[0])
	}
	n.Spare = true
	b.spare = append(b.spare, n)
	t.where[slot(n.Addr)] = n
}

// promote moves a replacement that has just answered into its bucket if a bad node can go.
func (t *Table) promote(b *bucket, n *Node, now time.Time) Change {
	if len(b.main) == K {
		bad := b.worst(now)
		if bad.State(now) != Bad {
			return Unchanged
		}
		t.remove(bad)
	}
	b.spare = without(b.spare, n)
	n.Spare = false
	b.main = append(b.main, n)
	return Joined
}

// evict drops n and gives its place in the bucket to the newest replacement.
func (t *Table) evict(n *Node) {
	b := &t.buckets[t.index(n.ID)]
	t.remove(n)
	if last := len(b.spare) - 1; last >= 0 && len(b.main) < K {
		next := b.spare[last]
		b.spare = slices.Delete(b.spare, last, last+1)
		next.Spare = false
		b.main = append(b.main, next)
	}
}

// find returns the entry of id, nil if there is none.
func (t *Table) find(id wire.ID) *Node {
	b := &t.buckets[t.index(id)]
	for _, list := range [...][]*Node{b.main, b.spare} {
		for _, n := range list {
			if n.ID == id {
				return n
			}
		}
	}
	return nil
}

func (t *Table) remove(n *Node) {
	b := &t.buckets[t.index(n.ID)]
	b.main, b.spare = without(b.main, n), without(b.spare, n)
	delete(t.where, slot(n.Addr))
}

func without(ns []*Node, n *Node) []*Node {
	if i := slices.Index(ns, n); i >= 0 {
		return slices.Delete(ns, i, i+1)
	}
	return ns
}

// worst is the node of a full bucket that would go first: a bad one, else the longest unseen.
func (b *bucket) worst(now time.Time) *Node {
	return slices.MinFunc(b.main, func(x, y *Node) int {
		if s := int(y.State(now)) - int(x.State(now)); s != 0 {
			return s
		}
		return x.LastSeen().Compare(y.LastSeen())
	})
}
