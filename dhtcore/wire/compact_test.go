package wire

import (
	"net/netip"
	"testing"
)

func TestAddressesHaveTheirCompactForms(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.1:6881":            node4[20:],
		"[2001:db8::1]:6881":        node6[20:],
		"[::ffff:192.0.2.1]:6881":   node4[20:],
		"255.255.255.255:65535":     "\xff\xff\xff\xff\xff\xff",
		"0.0.0.0:0":                 "\x00\x00\x00\x00\x00\x00",
		"[fe80::1%eth0]:256":        "\xfe\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00",
		"[::]:1":                    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01",
		"[64:ff9b::192.0.2.33]:443": "\x00\x64\xff\x9b\x00\x00\x00\x00\x00\x00\x00\x00\xc0\x00\x02\x21\x01\xbb",
	} {
		a := netip.MustParseAddrPort(addr)
		compact := AppendAddr(nil, a)
		if string(compact) != want {
			t.Errorf("%s: %x, want %x", addr, compact, want)
		}
		plain := netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
		if got, ok := ParseAddr(compact); !ok || got != plain {
			t.Errorf("%x: %s %v, want %s", compact, got, ok, plain)
		}
	}
}

func TestACompactAddressOfAnotherLengthIsNone(t *testing.T) {
	for n := range 40 {
		if _, ok := ParseAddr(make([]byte, n)); ok != (n == 6 || n == 18) {
			t.Errorf("%d bytes: %v", n, ok)
		}
	}
}

func TestContactsHaveTheirCompactForms(t *testing.T) {
	if got := string(AppendContact(nil, contact4)); got != node4 {
		t.Errorf("got %q", got)
	}
	if got := string(AppendContact(nil, contact6)); got != node6 {
		t.Errorf("got %q", got)
	}
}
