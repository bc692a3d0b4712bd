package table

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// TestTheTableStaysInOrderWhateverHappens lets few IDs and few addresses meet in every way there is, and
// keeps the books of what the table tells.
func TestTheTableStaysInOrderWhateverHappens(t *testing.T) {
	for seed := range uint64(10) {
		f := newField(100 + seed)
		now := start
		told := members{}
		ids := []wire.ID{f.Self(), {}}
		for range 120 {
			ids = append(ids, f.sharing(f.rand.IntN(12)))
		}
		contact := func() wire.Contact {
			ip := netip.AddrFrom4([4]byte{[]byte{8, 10}[f.rand.IntN(2)], 0, byte(f.rand.IntN(9)), byte(f.rand.IntN(7))})
			return wire.Contact{ID: ids[f.rand.IntN(len(ids))], Addr: netip.AddrPortFrom(ip, uint16(6881+f.rand.IntN(2)))}
		}
		for step := range 3000 {
			c := contact()
			if known := f.Nodes(); len(known) > 0 && f.rand.IntN(2) == 0 {
				c = known[f.rand.IntN(len(known))].Contact
			}
			switch f.rand.IntN(8) {
			case 0, 1, 2:
				told.take(t, f.Replied(c, time.Duration(f.rand.IntN(1e9)), "x", now))
				if n := f.at(c); n != nil && n.State(now) != Good {
					t.Fatalf("%v is %s after an answer", c, n.State(now))
				}
			case 3:
				f.QueriedUs(c, now)
			case 4, 5:
				told.take(t, f.Failed(c, now))
			case 6:
				told.take(t, f.Restore(Node{Contact: c}))
				if f.rand.IntN(100) == 0 {
					told.take(t, f.Move(f.sharing(f.rand.IntN(20)), now))
				}
			case 7:
				for _, d := range f.DuePing(3, now) {
					f.MarkAsked(d, now)
				}
				f.DueRefresh(now)
			}
			f.check(t)
			told.compare(t, f.listed(false))
			if step%50 == 0 {
				target, n := f.anyID(), 1+f.rand.IntN(12)
				if got, want := f.Closest(nil, target, n, now), closestOf(f.Nodes(), target, n, now); !slices.Equal(got, want) {
					t.Fatalf("%d closest to %s\ngot  %v\nwant %v", n, target, got, want)
				}
			}
			now = now.Add(time.Duration(f.rand.IntN(20)) * time.Second)
		}
		if len(f.Nodes()) < K {
			t.Errorf("seed %d: only %d nodes in the end: the test met too little", seed, len(f.Nodes()))
		}
	}
}

// members are those who are in the buckets by what the table told: joins less leaves.
type members map[wire.Contact]bool

func (m members) take(t *testing.T, changes []Change) {
	t.Helper()
	for _, c := range changes {
		if m[c.Contact] == c.Joined {
			t.Fatalf("%v joined or left twice in a row: %v", c.Contact, changes)
		}
		if m[c.Contact] = c.Joined; !c.Joined {
			delete(m, c.Contact)
		}
	}
}

func (m members) compare(t *testing.T, buckets []wire.Contact) {
	t.Helper()
	for _, c := range buckets {
		if !m[c] {
			t.Fatalf("%v is in its bucket and was not told to have joined", c)
		}
	}
	if len(m) != len(buckets) {
		t.Fatalf("%d nodes have joined and not left, %d are in the buckets", len(m), len(buckets))
	}
}
