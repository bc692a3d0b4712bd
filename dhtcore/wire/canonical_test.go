package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestOneFormOfEachValueIsCanonical(t *testing.T) {
	for value, want := range map[string]bool{
		"0:": true, "3:abc": true, "12:abcdefghijkl": true, "i0e": true, "i7e": true, "i-7e": true, "i10e": true,
		"le": true, "de": true, "li1e1:xe": true, "d1:ai1e1:bi2ee": true, "d0:i1e1:ai1ee": true, "d1:a0:2:aa0:1:b0:e": true,
		"d1:ad1:zlee1:bld1:xi0eeee": true, "i" + strings.Repeat("9", 60) + "e": true,
		strings.Repeat("l", 16) + strings.Repeat("e", 16): true,

		"": false, "x": false, "i03e": false, "i-0e": false, "i00e": false, "i-03e": false, "i-e": false, "ie": false,
		"00:": false, "01:x": false, "03:abc": false, "3:ab": false, "3:abcd": false, "i1ei1e": false,
		"d1:bi1e1:ai2ee": false, "d1:ai1e1:ai2ee": false, "d2:aai1e1:ai2ee": false, "di1ei2ee": false, "d1:ae": false,
		"d1:a": false, "l": false, "e": false, "li01ee": false, "d01:ai1ee": false, "d1:ad1:b0:1:a0:ee": false, "ld1:b0:1:a0:ee": false,
		"lee": false, "dle1:ae": false, strings.Repeat("l", 17) + strings.Repeat("e", 17): false,
	} {
		if got := canonical([]byte(value)); got != want {
			t.Errorf("%.40q: %v, want %v", value, got, want)
		}
		var refused *Error
		it := Item{Value: []byte(value)}
		if err := it.Check(); (err == nil) != want || err != nil && (!errors.As(err, &refused) || refused.Code != CodeProtocol) {
			t.Errorf("a put of %.40q: %v", value, err)
		}
	}
}

func TestTellingWhatIsCanonicalAllocatesNothing(t *testing.T) {
	value := []byte("d1:ad1:zlee1:bld1:xi0eeee")
	if n := testing.AllocsPerRun(100, func() { canonical(value) }); n != 0 {
		t.Errorf("it allocates %v times", n)
	}
}
