package wire

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/krpc"
)

// The vectors of BEP 42. The text's fourth ID lacks two digits where the bits do not matter.
var bep42Vectors = []struct{ ip, id string }{
	{"124.31.75.21", "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401"},
	{"21.75.31.124", "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256"},
	{"65.23.51.170", "a5d43220bc8f112a3d426c84764f8c2a1150e616"},
	{"84.124.73.14", "1b0321dd1bb1fe518101ceef99462b947a01ff41"},
	{"43.213.53.83", "e56f6cbf5b7c4be0237986d5243b87aa6d51305a"},
}

func TestTheVectorsOfBEP42AreSecureAndNoOtherPrefixIs(t *testing.T) {
	for _, v := range bep42Vectors {
		id, err := ParseID(v.id)
		if err != nil {
			t.Fatal(err)
		}
		ip := netip.MustParseAddr(v.ip)
		if !Secure(id, ip) || MakeSecure(id, ip) != id || !Secure(id, netip.AddrFrom16(ip.As16())) {
			t.Errorf("%s at %s is not secure", id, ip)
		}
		for bit := range IDBits {
			flipped := id
			flipped[bit/8] ^= 0x80 >> (bit % 8)
			free := bit >= 21 && bit < IDBits-3
			if Secure(flipped, ip) != free {
				t.Errorf("%s at %s with bit %d flipped: secure is %v", v.id, ip, bit, !free)
			}
		}
	}
}

func TestSecureAgreesWithAnacrolix(t *testing.T) {
	r := rand.New(rand.NewPCG(42, 0))
	secure := 0
	for i := range 20_000 {
		var b [16]byte
		for j := range b {
			b[j] = byte(r.Uint32())
		}
		ip := netip.AddrFrom16(b)
		switch i % 4 {
		case 0, 1:
			ip = netip.AddrFrom4([4]byte(b[:]))
		case 2:
			ip = netip.AddrFrom4([4]byte{[]byte{10, 127, 192, 172, 169}[r.IntN(5)], []byte{168, 16, 254, b[1]}[r.IntN(4)], b[2], b[3]})
		}
		if ip.Is6() && ip.IsPrivate() {
			continue // RFC 4193, which anacrolix does not exempt
		}
		var id ID
		for j := range id {
			id[j] = byte(r.Uint32())
		}
		made := krpc.ID(id)
		dht.SecureNodeId(&made, net.IP(ip.AsSlice()))
		if got := MakeSecure(id, ip); got != ID(made) {
			t.Fatalf("%s at %s: made %s, anacrolix makes %x", id, ip, got, made)
		}
		for _, id := range []ID{id, ID(made)} {
			got, want := Secure(id, ip), dht.NodeIdSecure(id, net.IP(ip.AsSlice()))
			if got != want {
				t.Fatalf("%s at %s: %v, anacrolix says %v", id, ip, got, want)
			}
			if got {
				secure++
			}
		}
	}
	if secure < 20_000 {
		t.Errorf("only %d secure IDs: the test met too few", secure)
	}
}

func TestLocalNetworksAreExemptFromBEP42(t *testing.T) {
	for ip, want := range map[string]bool{
		"10.1.2.3": true, "172.16.0.1": true, "172.31.255.255": true, "192.168.1.1": true, "169.254.9.9": true, "127.0.0.1": true,
		"::1": true, "fe80::1": true, "fd00::1": true,
		"172.32.0.1": false, "8.8.8.8": false, "100.64.0.1": false, "2001:db8::1": false,
	} {
		if got := Secure(ID{1}, netip.MustParseAddr(ip)); got != want {
			t.Errorf("an odd ID at %s: %v, want %v", ip, got, want)
		}
	}
}
