package pseudonym

import (
	"encoding/base32"
	"encoding/hex"
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
)

func fixed() *Key { return from([48]byte{7, 11, 13}) }

func shared(a, b [20]byte) (n int) {
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 {
			return n + bits.LeadingZeros8(x)
		}
		n += 8
	}
	return n
}

func randomID(r *rand.Rand) (id [20]byte) {
	for i := range id {
		id[i] = byte(r.Uint32())
	}
	return id
}

func TestIDsKeepTheLengthOfTheirCommonPrefix(t *testing.T) {
	k, r := fixed(), rand.New(rand.NewPCG(1, 2))
	for range 300 {
		a := randomID(r)
		b := a
		for i, from := 0, r.IntN(160); i < 160; i++ {
			if i == from || i > from && r.IntN(2) == 0 {
				b[i/8] ^= 0x80 >> (i % 8)
			}
		}
		if got, want := shared(k.ID(a), k.ID(b)), shared(a, b); got != want {
			t.Fatalf("%x and %x share %d bits, their pseudonyms %d", a, b, want, got)
		}
		if k.ID(a) == a {
			t.Errorf("%x is itself", a)
		}
	}
	if k.ID([20]byte{}) != ([20]byte{}) {
		t.Error("no ID became one")
	}
	if one, other, id := New(), New(), randomID(r); one.ID(id) == other.ID(id) {
		t.Error("two keys are one")
	}
}

func TestAddressesStayTogetherInTheirKind(t *testing.T) {
	k, r := fixed(), rand.New(rand.NewPCG(3, 4))
	seen := map[netip.Addr]netip.Addr{}
	check := func(ip netip.Addr, network int) {
		t.Helper()
		p := k.Addr(ip)
		if p == ip || p.Is4() != ip.Is4() || p.IsPrivate() != ip.IsPrivate() || p.IsLoopback() != ip.IsLoopback() ||
			p.IsLinkLocalUnicast() != ip.IsLinkLocalUnicast() || p.IsMulticast() != ip.IsMulticast() || p != k.Addr(ip) {
			t.Errorf("%s became %s", ip, p)
		}
		if other, ok := seen[p]; ok && other != ip {
			t.Errorf("%s and %s became %s", ip, other, p)
		}
		seen[p] = ip
		b := ip.AsSlice()
		b[len(b)-1] ^= 5
		neighbour, _ := netip.AddrFromSlice(b)
		of, _ := ip.Prefix(network)
		is, _ := p.Prefix(network)
		if !is.Contains(k.Addr(neighbour)) || k.Prefix(of) != is {
			t.Errorf("%s and %s became %s and %s: the network is %s", ip, neighbour, p, k.Addr(neighbour), k.Prefix(of))
		}
	}
	for range 1000 {
		check(netip.AddrFrom4([4]byte{byte(16 + r.IntN(90)), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}), 24)
		b := [16]byte{0x20, byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), 15: byte(r.Uint32())}
		check(netip.AddrFrom16(b), 48)
	}
	for _, ip := range []string{"10.1.2.3", "172.20.1.2", "192.168.178.20", "127.0.0.7", "100.64.1.1", "169.254.3.4", "239.1.1.1"} {
		check(netip.MustParseAddr(ip), 24)
	}
	for _, ip := range []string{"fe80::1234:5678", "fd12:3456:789a::1", "ff02::114"} {
		check(netip.MustParseAddr(ip), 48)
	}
	for _, same := range []string{"0.0.0.0", "::", "::1"} {
		if ip := netip.MustParseAddr(same); k.Addr(ip) != ip {
			t.Errorf("%s became %s", ip, k.Addr(ip))
		}
	}
	four := netip.MustParseAddr("198.51.100.7")
	if p := k.Addr(netip.AddrFrom16(four.As16())); p.Unmap() != k.Addr(four) || !p.Is4In6() {
		t.Errorf("mapped into IPv6 it is %s, else %s", p, k.Addr(four))
	}
	if p := k.AddrPort(netip.MustParseAddrPort("[fe80::1%eth0]:6881")); p.Port() != 6881 || p.Addr().Zone() != "" {
		t.Error(p)
	}
	if p := k.AddrPort(netip.AddrPort{}); p.IsValid() {
		t.Error(p)
	}
}

func TestTextsHoldPseudonymsOnly(t *testing.T) {
	k := fixed()
	id := randomID(rand.New(rand.NewPCG(5, 6)))
	p := k.ID(id)
	digits, masked := hex.EncodeToString(id[:]), hex.EncodeToString(p[:])
	four, six := netip.MustParseAddr("91.201.41.182"), netip.MustParseAddr("2001:db8::17")
	for text, want := range map[string]string{
		"told by 91.201.41.182:6881, late":           "told by " + k.Addr(four).String() + ":6881, late",
		"at [2001:db8::17]:6881.":                    "at [" + k.Addr(six).String() + "]:6881.",
		"2001:db8::17: no route":                     k.Addr(six).String() + ": no route",
		"node " + digits + " lies":                   "node " + masked + " lies",
		"lookup " + digits[:4] + "… of 12":           "lookup " + masked[:4] + "… of 12",
		"node " + strings.ToUpper(digits[:8]):        "node " + masked[:8],
		base32.StdEncoding.EncodeToString(id[:]):     base32.StdEncoding.EncodeToString(p[:]),
		"open /home/alice/.local/x: no space":        "open /home/user/.local/x: no space",
		`C:\Users\alice\x`:                           `C:\Users\user\x`,
		"at 12:04:05 a decade ago, 1234567890 bytes": "at 12:04:05 a decade ago, 1234567890 bytes",
		"libtorrent 2.0.11 and dhtop 0.1":            "libtorrent 2.0.11 and dhtop 0.1",
		"the host router.bittorrent.com:6881":        "the host router.bittorrent.com:6881",
		"":                                           "",
	} {
		if got := k.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	url := "https://tracker.example/0123456789abcdef/announce"
	if got := k.URL(url); strings.Contains(got, "example") || strings.Contains(got, "0123") || !strings.HasPrefix(got, "https://tracker-") || k.Text("ask "+url+" now") != "ask "+got+" now" {
		t.Errorf("%s became %s", url, got)
	}
	if a, b := k.Name("torrent", "a"), k.Name("torrent", "b"); a == b || !strings.HasPrefix(a, "torrent ") || k.Name("torrent", "") != "" {
		t.Error(a, b)
	}
	if b := k.Bytes([]byte("a token of some length, longer than a hash")); len(b) != 42 || strings.Contains(string(b), "token") {
		t.Errorf("%q", b)
	}
}

func BenchmarkID(b *testing.B) {
	k, r := fixed(), rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	for b.Loop() {
		k.makeID(randomID(r))
	}
}
