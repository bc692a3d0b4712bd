package crawl

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestAKeyIsTheFirstBitsOfAnID(t *testing.T) {
	id := wire.ID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if key(id) != 0x0102030405060708 {
		t.Errorf("it is %x", key(id))
	}
	if got := idAt(0xff<<56, id); got != (wire.ID{0xff, 0, 0, 0, 0, 0, 0, 0, 9, 10}) {
		t.Errorf("an ID there is %x", got)
	}
}

func TestAFingerprintDependsOnAddressPortAndSeed(t *testing.T) {
	of := func(seed uint64, s string) uint64 { return fingerprint(seed, netip.MustParseAddrPort(s)) }
	one := of(1, "8.8.8.8:1")
	if one != of(1, "8.8.8.8:1") {
		t.Error("it is not always the same")
	}
	for name, other := range map[string]uint64{"seed": of(2, "8.8.8.8:1"), "address": of(1, "8.8.8.9:1"), "port": of(1, "8.8.8.8:2"),
		"family": of(1, "[2001:470::808:808]:1")} {
		if other == one {
			t.Errorf("it does not depend on the %s", name)
		}
	}
}
