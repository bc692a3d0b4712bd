package wire

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/anacrolix/dht/v2/krpc"
)

// TestRandomMessagesAreReadAsKRPCReadsThem makes messages of known keys with likely and unlikely
// values in any order, which a fuzzer that changes bytes seldom hits upon.
func TestRandomMessagesAreReadAsKRPCReadsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	odd := func() string {
		return pick("i0e", "i1e", "i-1e", "i70000e", "i99999999999999999999e", "0:", "1:x", "le", "de", "l1:xe", "li1ee", "d1:xi1ee", "ld1:xleee")
	}
	one := func(likely string) string {
		if r.IntN(8) == 0 {
			return odd()
		}
		return likely
	}
	id := func() string { return bstr(pick(alice, bob, strings.Repeat("\x00", 20))) }
	entries := func(count int, entry func(key string) string, keys ...string) string {
		var s strings.Builder
		for range count {
			k := pick(keys...)
			s.WriteString(bstr(k) + one(entry(k)))
		}
		return "d" + s.String() + "e"
	}
	body := func(key string) string {
		switch key {
		case "id", "target", "info_hash":
			return id()
		case "port", "implied_port", "seed", "noseed", "scrape", "num", "interval":
			return pick("i0e", "i1e", "i6881e")
		case "nodes":
			return bstr(strings.Repeat(node4, r.IntN(3)))
		case "nodes6":
			return bstr(strings.Repeat(node6, r.IntN(3)))
		case "samples":
			return bstr(strings.Repeat(alice, r.IntN(3)))
		case "values":
			return "l" + strings.Repeat(pick("6:axje.u", "18:"+node6[20:], "2:xx", "6:axje\x00\x00"), r.IntN(3)) + "e"
		case "seq", "cas":
			return pick("i0e", "i7e", "i-7e")
		case "k":
			return bstr(strings.Repeat("k", 32))
		case "sig":
			return bstr(strings.Repeat("s", 64))
		case "v":
			return pick("0:", "5:value", "i7e", "d1:al1:bee")
		case "BFsd", "BFpe":
			return bstr(strings.Repeat("f", FilterLen))
		case "want":
			return pick("le", "l2:n4e", "l2:n6e", "l2:n42:n6e", "l2:n8e")
		}
		return pick("0:", "2:aa", "8:aoeusnth")
	}
	compared := 0
	for range 100_000 {
		packet := []byte(entries(3+r.IntN(6), func(key string) string {
			switch key {
			case "a":
				return entries(r.IntN(8), body, "id", "target", "info_hash", "token", "port", "implied_port", "noseed", "scrape", "want", "v", "k", "sig", "seq", "salt", "cas", "x")
			case "r":
				return entries(r.IntN(8), body, "id", "nodes", "nodes6", "token", "values", "samples", "num", "interval", "v", "k", "sig", "seq", "BFsd", "BFpe", "p")
			case "q":
				return bstr(pick(methodNames[1:]...))
			case "y":
				return pick("1:q", "1:r")
			case "ro":
				return pick("i0e", "i1e")
			case "ip":
				return bstr(node4[20:])
			}
			return pick("2:aa", "4:LT\x02\x08")
		}, "a", "a", "a", "r", "r", "r", "t", "y", "y", "q", "q", "v", "ip", "ro", "zz"))
		var m Message
		if err := Scan(packet, &m); err != nil {
			t.Fatalf("%q: %v", packet, err)
		}
		if k, ok := decode[krpc.Msg](packet); ok && m.Invalid == "" && m.LeftOut() == 0 {
			compared++
			agree(t, packet, &m, k)
		}
	}
	if compared < 10_000 {
		t.Errorf("only %d messages compared", compared)
	}
	t.Logf("%d messages compared", compared)
}
