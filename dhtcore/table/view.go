package table

import (
	"time"

	"dhtop/dhtcore/wire"
)

// Buckets returns every bucket in numbers, far to near, as of now.
func (t *Table) Buckets(now time.Time) []BucketView {
	views := make([]BucketView, len(t.buckets))
	for i := range t.buckets {
		v := BucketView{Index: i, Spare: len(t.buckets[i].spare)}
		for _, n := range t.buckets[i].main {
			switch n.State(now) {
			case Good:
				v.Good++
			case Questionable:
				v.Questionable++
			case Bad:
				v.Bad++
			}
		}
		views[i] = v
	}
	return views
}

// Nodes returns copies of the nodes of every bucket, far to near, replacements after the others.
func (t *Table) Nodes() []Node {
	nodes := make([]Node, 0, len(t.where))
	for i := range t.buckets {
		for _, list := range [][]*Node{t.buckets[i].main, t.buckets[i].spare} {
			for _, n := range list {
				c := *n
				c.Bucket = i
				nodes = append(nodes, c)
			}
		}
	}
	return nodes
}

// Holds tells whether c is in a bucket or waits in a replacement cache.
func (t *Table) Holds(c wire.Contact) bool {
	n := t.where[Slot(c.Addr)]
	return n != nil && n.Contact == c
}

// Count returns the nodes in the buckets by standing, replacements left out.
func (t *Table) Count(now time.Time) (good, questionable, bad int) {
	for _, v := range t.Buckets(now) {
		good, questionable, bad = good+v.Good, questionable+v.Questionable, bad+v.Bad
	}
	return good, questionable, bad
}
