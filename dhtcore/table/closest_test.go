package table

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// closestOf is what Closest should return, found by sorting all nodes.
func closestOf(nodes []Node, target wire.ID, n int, now time.Time) []wire.Contact {
	pick := func(worst NodeState) (cs []wire.Contact) {
		for _, x := range nodes {
			if !x.Replacement && x.State(now) <= worst {
				cs = append(cs, x.Contact)
			}
		}
		slices.SortFunc(cs, func(a, b wire.Contact) int {
			x, y := wire.Distance(target, a.ID), wire.Distance(target, b.ID)
			return x.Compare(y)
		})
		return cs[:min(n, len(cs))]
	}
	if good := pick(Good); len(good) == n {
		return good
	}
	return pick(Questionable)
}

// shapes are tables of different fillings, as of start.
var shapes = map[string]func(*field){
	"empty":               func(*field) {},
	"one node":            func(f *field) { f.join(0, 1, start) },
	"one bucket":          func(f *field) { f.join(0, K, start) },
	"a large network":     func(f *field) { f.joinRandom(5000, start) },
	"a small network":     func(f *field) { f.joinRandom(30, start) },
	"far nodes only":      func(f *field) { f.join(0, 100, start) },
	"near nodes only":     func(f *field) { f.join(40, 100, start) },
	"far and near":        func(f *field) { f.join(0, 100, start); f.join(30, 9, start); f.join(31, 3, start) },
	"empty buckets":       func(f *field) { f.join(0, 4, start); f.join(4, 6, start); f.join(7, 5, start); f.join(12, 9, start) },
	"good and older":      func(f *field) { f.joinRandom(500, start); f.joinRandom(500, start.Add(-time.Hour)) },
	"seven good, rest no": func(f *field) { f.joinRandom(200, start.Add(-time.Hour)); f.join(3, 7, start) },
	"none good":           func(f *field) { f.joinRandom(200, start.Add(-time.Hour)) },
	"half bad": func(f *field) {
		f.joinRandom(500, start)
		for i, n := range f.Nodes() {
			if i%2 == 0 {
				f.bySlot[Slot(n.Addr)].Fails = MaxFails
			}
		}
	},
	"all bad": func(f *field) {
		for _, c := range f.join(0, K, start) {
			f.turnBad(c, start)
		}
	},
}

func (f *field) joinRandom(count int, now time.Time) {
	for range count {
		f.Replied(wire.Contact{ID: f.anyID(), Addr: f.newcomer(0).Addr}, 0, "", now)
	}
}

func TestClosestReturnsTheClosestNodesOfTheTable(t *testing.T) {
	for name, fill := range shapes {
		t.Run(name, func(t *testing.T) {
			f := newField(20)
			fill(f)
			f.check(t)
			nodes := f.Nodes()
			prefix := []wire.Contact{{ID: f.anyID()}}
			for i := range 1000 {
				target := f.anyID()
				switch i % 10 {
				case 0:
					target = f.sharing(i % 50)
				case 1:
					if len(nodes) > 0 {
						target = nodes[i%len(nodes)].ID
					}
				case 2:
					target = f.Self()
				}
				n := []int{K, K, K, 1, 20}[i%5]
				got := f.Closest(slices.Clone(prefix), target, n, start)
				if want := append(prefix[:1:1], closestOf(nodes, target, n, start)...); !slices.Equal(got, want) {
					t.Fatalf("%d closest to %s\ngot  %v\nwant %v", n, target, got, want)
				}
			}
		})
	}
}

func TestClosestAllocatesNothing(t *testing.T) {
	f := newField(21)
	f.joinRandom(1000, start)
	dst, target := make([]wire.Contact, 0, 1024), f.anyID()
	asker, unknown := f.Nodes()[0].Contact, f.newcomer(3)
	if n := testing.AllocsPerRun(100, func() {
		f.Closest(dst, target, K, start)
		f.Closest(dst, f.Self(), K, start)
		f.QueriedUs(asker, start)
		f.QueriedUs(unknown, start)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkClosest(b *testing.B) {
	for _, size := range []int{100, 5000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			f := newField(22)
			f.joinRandom(size, start)
			var targets [1024]wire.ID
			for i := range targets {
				targets[i] = f.anyID()
			}
			dst := make([]wire.Contact, 0, 1024)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.Closest(dst, targets[i%len(targets)], K, start)
			}
		})
	}
}
