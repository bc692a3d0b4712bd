package text

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
)

// ours is an ID that the tests hide: 5e1f, ten times.
var ours = [20]byte([]byte(strings.Repeat("\x5e\x1f", 10)))

func TestAMaskHidesAddressesAndOurIDsInText(t *testing.T) {
	v := &Mask{Privacy: Masked, Own: [][20]byte{ours}}
	id := hex.EncodeToString(ours[:])
	for s, want := range map[string]string{
		"":                                       "",
		"no answer":                              "no answer",
		"from 203.0.113.77":                      "from 203.0.113.x",
		"203.0.113.77:6881: connection refused":  "203.0.113.x: connection refused",
		"dial udp 10.0.0.1:1->203.0.113.77:6881": "dial udp 10.0.0.x->203.0.113.x",
		"(203.0.113.77), x203.0.113.77y.":        "(203.0.113.x), x203.0.113.xy.",
		"203.0.113\u200b.77":                     "203.0.113.x", // a zero-width rune parts nothing
		"203.0.1\u034313.7\u20e37":               "203.0.113.x", // nor does a mark
		"203.000.113.077":                        "203.0.113.x",
		"203.0.113.":                             "203.0.113.x", // somebody types it
		"203.0.113.…":                            "203.0.113.x…",
		"libtorrent 2.0.8":                       "libtorrent 2.0.8",
		"1.2.3. Then":                            "1.2.3. Then",
		"300.1.1.1 and 1.2.3.1234":               "300.1.1.1 and 1.2.3.1234",
		"2001:db8:aaaa::77":                      "2001:db8:aaaa:x",
		"[2001:db8:aaaa::77]:6881 refused":       "2001:db8:aaaa:x refused",
		"[2001:db8:aaaa::77] and on":             "2001:db8:aaaa:x and on",
		"[fe80::77%eth0]:80":                     "fe80:0:0:x",
		"fe80::77%eth0":                          "fe80:0:0:x",
		"at 2001:db8::77: refused":               "at 2001:db8:0:x: refused",
		"addr:2001:db8::77.":                     "addr:2001:db8:0:x.",
		"::ffff:203.0.113.77":                    "203.0.113.x",
		"at 12:04:31, std::cout, :: and a::":     "at 12:04:31, std::cout, :: and a:0:0:x",
		"id " + id:                               "id masked",
		strings.ToUpper(id[:8]) + "… left":       "masked… left",
		"ab" + id + "cd":                         "masked",
		"5e1f\u200b5e1f5e":                       "masked",
		"5e1f5e1 is too short":                   "5e1f5e1 is too short",
		"\x1b[2J203.0.113.77\u202e":              "�[2J203.0.113.x�",
	} {
		if got := v.Text(s); got != want {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
	if got := (*Mask)(nil).Text("203.0.113.77\x1b"); got != "203.0.113.77\x1b" {
		t.Errorf("without a mask it is %q", got)
	}
}

func TestWhatIsCoveredKeepsItsPlace(t *testing.T) {
	v := &Mask{Own: [][20]byte{ours}}
	for s, want := range map[string]string{
		"in 203.0.113.77:6881 !ping":        "in xxx.x.xxx.xx:xxxx !ping",
		"é [2001:db8::7]:1 " + "5e1f5e1f5e": "é [xxxx:xxx::x]:x xxxxxxxxxx",
	} {
		if got := v.Cover(s); got != want {
			t.Errorf("%q is covered as %q, want %q", s, got, want)
		}
	}
}

// Whatever is around it and however it is written, no address comes through.
func FuzzMask(f *testing.F) {
	f.Add("from ", uint32(0xcb00714d), ": refused")
	f.Add("[", uint32(1), "]:1")
	f.Add("1.2.3.", uint32(0xffffffff), ".5")
	f.Fuzz(func(t *testing.T, before string, ip uint32, after string) {
		v := &Mask{Privacy: Masked}
		before, after = Sanitize(before), Sanitize(after)
		addr := netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)})
		if before != "" && digit(before[len(before)-1]) || after != "" && digit(after[0]) {
			return // another number
		}
		got := v.Text(before + addr.String() + after)
		if strings.Contains(got, addr.String()) && !strings.Contains(v.Text(before)+v.Text(after), addr.String()) {
			t.Errorf("%q + %s + %q is shown as %q", before, addr, after, got)
		}
	})
}
