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

// insert puts a node that the table does not hold where it belongs, unless its network has its share.
func (t *Table) insert(n *Node, now time.Time) {
	if b := &t.buckets[t.index(n.ID)]; t.crowded(b, n.Addr) {
		if n.State(now) == Good {
			t.dropBad(b, n.Addr, now)
		}
		if t.crowded(b, n.Addr) {
			return
		}
	}
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
			return
		}
		b.changed = now
		t.enter(n)
		t.seat(b, n)
		return
	}
}

// seat puts n into b, which has room.
func (t *Table) seat(b *bucket, n *Node) {
	n.Spare = false
	b.main = append(b.main, n)
	t.note(n, true)
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
			t.seat(b, n)
		} else {
			b.spare = append(b.spare, n)
		}
	}
}

// addSpare keeps n as the newest replacement. In a full cache it takes the place of the oldest one
// whose ID BEP 42 finds invalid, else of the oldest; but never that of a valid one if its own is not.
func (t *Table) addSpare(b *bucket, n *Node) {
	if len(b.spare) == MaxSpare {
		goes := max(0, slices.IndexFunc(b.spare, func(s *Node) bool { return !s.Secure }))
		if b.spare[goes].Secure && !n.Secure {
			return
		}
		t.remove(b.spare[goes])
	}
	n.Spare = true
	b.spare = append(b.spare, n)
	t.enter(n)
}

// promote moves a replacement that has just answered into its bucket if a bad node can go.
func (t *Table) promote(b *bucket, n *Node, now time.Time) {
	if len(b.main) == K {
		bad := b.worst(now)
		if bad.State(now) != Bad {
			return
		}
		t.remove(bad)
	}
	b.spare = without(b.spare, n)
	t.seat(b, n)
}

// evict drops n and gives its place in the bucket to the newest replacement whose ID BEP 42 finds
// valid, else to the newest.
func (t *Table) evict(n *Node) {
	b := &t.buckets[t.index(n.ID)]
	t.remove(n)
	if len(b.spare) == 0 || len(b.main) == K {
		return
	}
	comes := len(b.spare) - 1
	for comes > 0 && !b.spare[comes].Secure {
		comes--
	}
	if !b.spare[comes].Secure {
		comes = len(b.spare) - 1
	}
	next := b.spare[comes]
	b.spare = slices.Delete(b.spare, comes, comes+1)
	t.seat(b, next)
}

// doubt makes every node of b due for a ping: one of their neighbours turned out to be an impostor.
func (b *bucket) doubt() {
	for _, n := range b.main {
		n.doubted = true
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
	t.leave(n)
	if !n.Spare {
		t.note(n, false)
	}
}

func without(ns []*Node, n *Node) []*Node {
	if i := slices.Index(ns, n); i >= 0 {
		return slices.Delete(ns, i, i+1)
	}
	return ns
}

// allGood tells whether no node of b could be replaced.
func (b *bucket) allGood(now time.Time) bool {
	for _, n := range b.main {
		if n.State(now) != Good {
			return false
		}
	}
	return true
}

// worst is the node of a full bucket that would go first: a bad one, rather one whose ID BEP 42 finds
// invalid, else the longest unseen.
func (b *bucket) worst(now time.Time) *Node {
	return slices.MinFunc(b.main, func(x, y *Node) int {
		if s := int(y.State(now)) - int(x.State(now)); s != 0 {
			return s
		}
		if x.Secure != y.Secure {
			if y.Secure {
				return -1
			}
			return 1
		}
		return x.LastSeen().Compare(y.LastSeen())
	})
}
