package table

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

var start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// field makes contacts around one table.
type field struct {
	*Table
	rand *rand.Rand
	next uint32 // public address
}

func newField(seed uint64) *field {
	f := &field{rand: rand.New(rand.NewPCG(seed, 0)), next: 0x08000000}
	f.Table = New(f.anyID())
	return f
}

func (f *field) anyID() (id wire.ID) {
	for i := range id {
		id[i] = byte(f.rand.Uint32())
	}
	return id
}

// sharing returns a random ID that shares exactly n bits with the table's own.
func (f *field) sharing(n int) wire.ID {
	id, self := f.anyID(), f.Self()
	for bit := range n + 1 {
		mask := byte(0x80) >> (bit % 8)
		id[bit/8] = id[bit/8]&^mask | self[bit/8]&mask
	}
	id[n/8] ^= byte(0x80) >> (n % 8)
	return id
}

// newcomer returns a contact in a public network of its own whose ID shares exactly n bits with ours.
func (f *field) newcomer(n int) wire.Contact {
	var ip [4]byte
	f.next += 1 << 8 // the next /24
	binary.BigEndian.PutUint32(ip[:], f.next)
	return wire.Contact{ID: f.sharing(n), Addr: netip.AddrPortFrom(netip.AddrFrom4(ip), 6881)}
}

// join lets count newcomers that share n bits with us answer at the time now.
func (f *field) join(n, count int, now time.Time) (joined []wire.Contact) {
	for range count {
		c := f.newcomer(n)
		f.Replied(c, 10*time.Millisecond, "", now)
		joined = append(joined, c)
	}
	return joined
}

// turnBad lets c fail until it is bad, and returns what the last failure changed.
func (f *field) turnBad(c wire.Contact, now time.Time) (changes []Change) {
	for range MaxFails {
		changes = f.Failed(c, now)
	}
	return changes
}

func joined(c wire.Contact) Change { return Change{c, true} }
func left(c wire.Contact) Change   { return Change{c, false} }

// expect fails the test unless the table told of these changes.
func expect(t *testing.T, when string, got []Change, want ...Change) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: the table told %v, want %v", when, got, want)
	}
}

// at returns the entry of c, nil when there is none.
func (f *field) at(c wire.Contact) *Node {
	for _, n := range f.Nodes() {
		if n.Contact == c {
			return &n
		}
	}
	return nil
}

// listed returns the contacts of the buckets or of the replacement caches.
func (f *field) listed(waiting bool) (cs []wire.Contact) {
	for _, n := range f.Nodes() {
		if n.Replacement == waiting {
			cs = append(cs, n.Contact)
		}
	}
	return cs
}

// check fails the test unless the table is in order.
func (f *field) check(t *testing.T) {
	t.Helper()
	entries := 0
	ids := map[wire.ID]bool{}
	for i := range f.buckets {
		b := &f.buckets[i]
		if len(b.main) > K || len(b.replacements) > MaxReplacements {
			t.Fatalf("bucket %d holds %d nodes and %d replacements", i, len(b.main), len(b.replacements))
		}
		if len(b.main) < K && len(b.replacements) > 0 {
			t.Fatalf("bucket %d: %d replacements wait beside %d nodes", i, len(b.replacements), len(b.main))
		}
		for _, waiting := range []bool{false, true} {
			list := b.main
			if waiting {
				list = b.replacements
			}
			for _, n := range list {
				entries++
				switch shared := wire.SharedBits(f.Self(), n.ID); {
				case n.ID == f.Self():
					t.Fatal("we are in our own table")
				case ids[n.ID]:
					t.Fatalf("%s is there twice", n.ID)
				case shared != i && (i != len(f.buckets)-1 || shared < i):
					t.Fatalf("%s shares %d bits and is in bucket %d of %d", n.ID, shared, i, len(f.buckets))
				case n.Replacement != waiting:
					t.Fatalf("%s: waiting is %v in the list of %v", n.ID, n.Replacement, waiting)
				case f.bySlot[Slot(n.Addr)] != n:
					t.Fatalf("%s at %s is not found by its address", n.ID, n.Addr)
				}
				ids[n.ID] = true
			}
		}
	}
	for network, count := range f.subnets {
		seen := 0
		for i := range f.buckets {
			inBucket := f.buckets[i].countSubnet(network)
			if seen += inBucket; inBucket > PerSubnetBucket {
				t.Fatalf("%d nodes of %s in bucket %d", inBucket, network, i)
			}
		}
		if seen != count || count > PerSubnetTable {
			t.Fatalf("%d nodes of %s, counted as %d", seen, network, count)
		}
	}
	if entries != len(f.bySlot) {
		t.Fatalf("%d entries and %d addresses", entries, len(f.bySlot))
	}
}
