package crawl

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

// six returns a contact with an IPv6 address whose ID begins with first.
func six(first ...byte) (c wire.Contact) {
	copy(c.ID[:], first)
	c.Addr = netip.AddrPortFrom(netip.AddrFrom16([16]byte{0x20, 0x01, 4, 0x70, 0, first[0]}), 6881)
	return c
}

func TestTheNearestTrustedNodesOfAFamily(t *testing.T) {
	nodes := trusted{at(0x80), at(0x41), at(0x48), six(0x40), at(0x42)}
	got := nodes.nearest(wire.IPv4, 0x40<<56, 3)
	if len(got) != 3 || got[0].ID[0] != 0x41 || got[1].ID[0] != 0x42 || got[2].ID[0] != 0x48 {
		t.Errorf("they are %v", got)
	}
	if got := nodes.nearest(wire.IPv6, 0, 3); len(got) != 1 || got[0] != six(0x40) {
		t.Errorf("of IPv6 they are %v", got)
	}
	if nodes[0].ID[0] != 0x80 || nodes[4].ID[0] != 0x42 {
		t.Error("the list was sorted in place")
	}
	if !nodes.has(wire.IPv6) || nodes[:3].has(wire.IPv6) || !nodes.has(wire.IPv4) {
		t.Error("which families there are")
	}
}

func TestATrustedHelperHelpsOnceIfThereIsAnother(t *testing.T) {
	nodes := trusted{at(0x80), at(0x41), six(0x40)}
	var not []netip.AddrPort
	for _, want := range []byte{0x41, 0x80, 0x41} {
		c := nodes.helper(wire.IPv4, 0x40<<56, not)
		if c.ID[0] != want {
			t.Errorf("after %d the helper is %x, want %x", len(not), c.ID[0], want)
		}
		not = append(not, c.Addr)
	}
}
