package table

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

// in returns a contact at another host of the network that n is the first address of.
func (f *field) in(network string, host, bits int) wire.Contact {
	ip := netip.MustParseAddr(network).As16()
	ip[15] += byte(host)
	return wire.Contact{ID: f.sharing(bits), Addr: netip.AddrPortFrom(netip.AddrFrom16(ip).Unmap(), 6881)}
}

func TestAPublicNetworkHasItsShareOfABucketAndOfTheTable(t *testing.T) {
	for network, limited := range map[string]bool{
		"9.9.9.0": true, "2a00:1:2:3::": true, "10.9.9.0": false, "127.0.0.0": false, "169.254.1.0": false, "fd00::": false,
	} {
		f := newField(50)
		for host := range 6 {
			f.Replied(f.in(network, 1+host, 0), 0, "", start)
		}
		want := 6
		if limited {
			want = PerSubnetBucket
		}
		if got := len(f.Nodes()); got != want {
			t.Errorf("%s: %d nodes in a bucket, want %d", network, got, want)
		}
		for bits := range 10 {
			f.join(bits, K, start) // splits the table
			for host := range 3 {
				c := f.in(network, 10+5*bits+host, bits)
				f.Replied(c, 0, "", start)
				f.Restore(Node{Contact: f.in(network, 100+5*bits+host, bits)})
			}
		}
		got := 0
		for i := range f.buckets {
			if own, ok := wire.Subnet(f.in(network, 1, 0).Addr.Addr()); ok {
				got += f.buckets[i].countSubnet(own)
			}
		}
		if limited && got != PerSubnetTable {
			t.Errorf("%s: %d nodes in the table, want %d", network, got, PerSubnetTable)
		}
		f.check(t)
	}
}

func TestANodeThatQueriesUsFromACrowdedNetworkIsNotWorthAPing(t *testing.T) {
	f := newField(51)
	for host := range PerSubnetBucket {
		f.Replied(f.in("9.9.9.0", 1+host, 0), 0, "", start)
	}
	if f.QueriedUs(f.in("9.9.9.0", 77, 0), start) {
		t.Error("it is")
	}
	if !f.QueriedUs(f.in("9.9.8.0", 77, 0), start) {
		t.Error("one of the next network is not")
	}
}

func TestABadNodeGivesItsNetworksPlaceToAGoodOne(t *testing.T) {
	f := newField(52)
	first := f.in("9.9.9.0", 1, 0)
	f.Replied(first, 0, "", start)
	f.Replied(f.in("9.9.9.0", 2, 0), 0, "", start)
	f.turnBad(first, start)
	third := f.in("9.9.9.0", 3, 0)
	expect(t, "a good node of the same network", f.Replied(third, 0, "", start), left(first), joined(third))
	if f.at(third) == nil || f.at(first) != nil {
		t.Errorf("the table holds %v", f.Nodes())
	}
	f.check(t)
}

// secured returns a newcomer whose ID is valid by BEP 42; it shares a bit or none with ours by chance.
func (f *field) secured(n int) wire.Contact {
	for {
		c := f.newcomer(0)
		c.ID = wire.MakeSecure(f.anyID(), c.Addr.Addr())
		if wire.SharedBits(f.Self(), c.ID) == n {
			return c
		}
	}
}

func TestSecureNodesComeFirstAmongTheReplacements(t *testing.T) {
	f := newField(53)
	met := f.join(0, K, start)
	secure := f.secured(0)
	f.Replied(secure, 0, "", start)
	if n := f.at(secure); n == nil || !n.Replacement || !n.Secure {
		t.Fatalf("the secure newcomer is %+v", n)
	}
	newer := f.join(0, 3*MaxReplacements, start)
	if f.at(secure) == nil {
		t.Error("newer nodes pushed it out of the replacement cache")
	}
	if f.at(newer[len(newer)-1]) == nil || f.at(newer[0]) != nil {
		t.Error("it holds not the newest nodes beside it")
	}
	f.turnBad(met[3], start)
	if n := f.at(secure); n == nil || n.Replacement {
		t.Errorf("it did not take the place that became free: %+v", n)
	}
	f.check(t)
}

func TestAFullCacheOfSecureNodesTakesNoOther(t *testing.T) {
	f := newField(54)
	f.join(0, K, start)
	for range MaxReplacements {
		f.Replied(f.secured(0), 0, "", start)
	}
	plain := f.join(0, 1, start)[0]
	if f.at(plain) != nil {
		t.Error("an insecure node took the place of a secure one")
	}
	secure := f.secured(0)
	if f.Replied(secure, 0, "", start); f.at(secure) == nil {
		t.Error("a newer secure node did not take the place of the oldest")
	}
	f.check(t)
}

func TestAnInsecureBadNodeGoesBeforeASecureOne(t *testing.T) {
	f := newField(55)
	secure := f.secured(0)
	f.Replied(secure, 0, "", start)
	plain := f.join(0, K-1, start)
	f.join(1, 1, start) // splits, so that bucket 0 is full and far
	f.turnBad(secure, start)
	f.turnBad(plain[0], start)
	f.join(0, 1, start)
	if f.at(secure) == nil || f.at(plain[0]) != nil {
		t.Error("the secure one went")
	}
	f.check(t)
}
