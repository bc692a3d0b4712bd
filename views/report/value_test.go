package report

import (
	"testing"

	"github.com/anacrolix/torrent/bencode"
)

func TestAValueAsPeopleReadIt(t *testing.T) {
	for bencoded, want := range map[string]string{
		"5:hello":                          `"hello"`,
		"0:":                               `""`,
		"i42e":                             "42",
		"i-7e":                             "-7",
		"i0e":                              "0",
		"le":                               "[]",
		"li1e1:aee":                        "", // one e too many
		"li1e1:ae":                         `[1, "a"]`,
		"de":                               "{}",
		"d2:ih4:\x00\x01\xfe\xff1:nli1eee": `{"ih": 0x0001feff, "n": [1]}`,
		"d1:b0:1:a0:e":                     "", // not in order
		"d1:a0:1:a0:e":                     "", // twice
		"di1e0:e":                          "", // no key
		"4:a\x1b[2J":                       "", // too short
		"5:a\x1b[2J":                       "0x611b5b324a",
		"7:a\u202eb":                       "", // too long
		"5:a\u202eb":                       "0x61e280ae62",
		"6:l\u00e9\n\"x":                   `"lé\n\"x"`,
		"":                                 "", "i": "", "ie": "", "i-e": "", "i-0e": "", "i01e": "", "i1": "", "i+1e": "", "01:a": "", "-1:a": "",
		"l": "", "d": "", "e": "", "hello": "", "1:": "", "99999999999999999999:a": "", "1:ab": "", "d1:ae": "",
	} {
		got, ok := Value([]byte(bencoded))
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s, %v; want %s", bencoded, got, ok, want)
		}
	}
}

func TestTheContentOfAString(t *testing.T) {
	if got, ok := Content([]byte("3:a\x00b")); !ok || string(got) != "a\x00b" {
		t.Errorf("%q, %v", got, ok)
	}
	for _, other := range []string{"", "i1e", "3:ab", "3:abcd", "le"} {
		if got, ok := Content([]byte(other)); ok {
			t.Errorf("%q has the content %q", other, got)
		}
	}
}

func FuzzValue(f *testing.F) {
	for _, seed := range []string{"5:hello", "i42e", "d2:ih4:\x00\x01\xfe\xff1:nli1eee", "lllleeee", "d1:ad1:b0:ee"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1000 {
			return // no item is longer (BEP 44)
		}
		text, ok := Value(b)
		if !readable([]byte(text)) {
			t.Errorf("%q is shown as %q", b, text)
		}
		if !ok {
			return
		}
		// Whatever it takes another reader takes, and would write the same.
		var v any
		if err := bencode.Unmarshal(b, &v); err != nil {
			return // numbers beyond 64 bits
		}
		if again, err := bencode.Marshal(v); err != nil || string(again) != string(b) {
			t.Errorf("%q is not canonical: %q, %v", b, again, err)
		}
	})
}
