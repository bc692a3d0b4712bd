package table

import (
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// bucket holds the nodes of one prefix, and those that wait for a place (Kademlia's replacement cache).
type bucket struct {
	main         []*Node
	replacements []*Node // oldest first
	changed      time.Time
}

// insert puts n, which the table does not hold, into its bucket or the replacement cache there, unless its
// network has its share already.
func (t *Table) insert(n *Node, now time.Time) {
	if b := &t.buckets[t.index(n.ID)]; t.subnetFull(b, n.Addr) {
		if n.State(now) == Good {
			t.dropBad(b, n.Addr, now)
		}
		if t.subnetFull(b, n.Addr) {
			return
		}
	}
	for {
		i := t.index(n.ID)
		b := &t.buckets[i]
		switch {
		case len(b.main) < K:
		case t.canSplit(i):
			t.split()
			continue
		case b.worst(now).State(now) == Bad && n.State(now) == Good:
			t.remove(b.worst(now))
		default:
			t.addReplacement(b, n)
			return
		}
		b.changed = now
		t.addEntry(n)
		t.addToBucket(b, n)
		return
	}
}

// addToBucket moves or puts n into b, which has room.
func (t *Table) addToBucket(b *bucket, n *Node) {
	n.Replacement = false
	b.main = append(b.main, n)
	t.recordChange(n, true)
}

// canSplit reports whether bucket i may split: only the one that holds our own ID does (BEP 5).
func (t *Table) canSplit(i int) bool { return i == len(t.buckets)-1 && i < wire.IDBits-1 }

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
	for _, n := range old.replacements {
		b := &t.buckets[t.index(n.ID)]
		if len(b.main) < K {
			t.addToBucket(b, n)
		} else {
			b.replacements = append(b.replacements, n)
		}
	}
}

// addReplacement keeps n as the newest replacement. A full cache drops the oldest one whose ID BEP 42 finds
// invalid, else the oldest. A node with an invalid ID never takes the place of one with a valid ID.
func (t *Table) addReplacement(b *bucket, n *Node) {
	if len(b.replacements) == MaxReplacements {
		oldest := max(0, slices.IndexFunc(b.replacements, func(s *Node) bool { return !s.Secure }))
		if b.replacements[oldest].Secure && !n.Secure {
			return
		}
		t.remove(b.replacements[oldest])
	}
	n.Replacement = true
	b.replacements = append(b.replacements, n)
	t.addEntry(n)
}

// promote moves a replacement that has just replied into its bucket if there is room or a bad node to drop.
func (t *Table) promote(b *bucket, n *Node, now time.Time) {
	if len(b.main) == K {
		bad := b.worst(now)
		if bad.State(now) != Bad {
			return
		}
		t.remove(bad)
	}
	b.replacements = without(b.replacements, n)
	t.addToBucket(b, n)
}

// evict drops n and gives its place in the bucket to the newest replacement whose ID BEP 42 finds valid, else
// to the newest.
func (t *Table) evict(n *Node) {
	b := &t.buckets[t.index(n.ID)]
	t.remove(n)
	if len(b.replacements) == 0 || len(b.main) == K {
		return
	}
	i := len(b.replacements) - 1
	for i > 0 && !b.replacements[i].Secure {
		i--
	}
	if !b.replacements[i].Secure {
		i = len(b.replacements) - 1
	}
	next := b.replacements[i]
	b.replacements = slices.Delete(b.replacements, i, i+1)
	t.addToBucket(b, next)
}

// suspectAll makes every node of b due for a ping, after one of their neighbours turned out to be an impostor.
func (b *bucket) suspectAll() {
	for _, n := range b.main {
		n.suspect = true
	}
}

// find returns the entry of id, nil if there is none.
func (t *Table) find(id wire.ID) *Node {
	b := &t.buckets[t.index(id)]
	for _, list := range [...][]*Node{b.main, b.replacements} {
		for _, n := range list {
			if n.ID == id {
				return n
			}
		}
	}
	return nil
}

// remove drops n without replacing it.
func (t *Table) remove(n *Node) {
	b := &t.buckets[t.index(n.ID)]
	b.main, b.replacements = without(b.main, n), without(b.replacements, n)
	t.removeEntry(n)
	if !n.Replacement {
		t.recordChange(n, false)
	}
}

func without(ns []*Node, n *Node) []*Node {
	if i := slices.Index(ns, n); i >= 0 {
		return slices.Delete(ns, i, i+1)
	}
	return ns
}

// allGood reports whether no node of b could be replaced.
func (b *bucket) allGood(now time.Time) bool {
	for _, n := range b.main {
		if n.State(now) != Good {
			return false
		}
	}
	return true
}

// worst returns the node of a full bucket that is dropped first: the worst by state, then one whose ID BEP 42
// finds invalid, then the longest unseen.
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
