package table

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// Buckets returns the counts of every bucket as of now, far to near.
func (t *Table) Buckets(now time.Time) []BucketView {
	views := make([]BucketView, len(t.buckets))
	for i := range t.buckets {
		v := BucketView{Index: i, Replacements: len(t.buckets[i].replacements)}
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

// Nodes returns copies of all nodes, bucket by bucket from far to near, replacements after the others.
func (t *Table) Nodes() []Node {
	nodes := make([]Node, 0, len(t.bySlot))
	for i := range t.buckets {
		for _, list := range [][]*Node{t.buckets[i].main, t.buckets[i].replacements} {
			for _, n := range list {
				c := *n
				c.Bucket = i
				nodes = append(nodes, c)
			}
		}
	}
	return nodes
}

// Holds reports whether c is in a bucket or a replacement cache.
func (t *Table) Holds(c wire.Contact) bool {
	n := t.bySlot[Slot(c.Addr)]
	return n != nil && n.Contact == c
}

// IsGood reports whether there is a good node at an address.
func (t *Table) IsGood(addr netip.AddrPort, now time.Time) bool {
	n := t.bySlot[Slot(addr)]
	return n != nil && n.Addr == addr && n.State(now) == Good
}

// Count returns the number of nodes in the buckets by state, without replacements.
func (t *Table) Count(now time.Time) (good, questionable, bad int) {
	for _, v := range t.Buckets(now) {
		good, questionable, bad = good+v.Good, questionable+v.Questionable, bad+v.Bad
	}
	return good, questionable, bad
}
