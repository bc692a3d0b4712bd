package wire

import (
	"testing"
	"unicode/utf8"
)

func TestClientsAreNamedWithTheirVersions(t *testing.T) {
	for v, want := range map[string]string{
		"":                         "",
		"L":                        "",
		"LT":                       "libtorrent",
		"LT\x02\x08":               "libtorrent 2.0.8", // as Debian's libtorrent 2.0.8 sends it
		"LT\x01\x2b":               "libtorrent 1.2.11",
		"LT\x01":                   "libtorrent 01",
		"UT\xa8\xb3":               "µTorrent a8b3",
		"TR\x04\x00":               "Transmission 0400",
		Version:                    "dhtop 0.1",
		"lt\x0d\x80":               "rTorrent 0d80",
		"qB\x01\x02":               "qB 0102",
		"XX\xff\xff\xff\xff\xff":   "XX ffffffff",
		"TR\xff\xff\xff\xff\xff":   "Transmission ffffffff",
		"LT2080":                   "libtorrent 32303830",
		"\x1b]52;c;aGk=\x07":       "?] 35323b63",
		"\x1b[2J":                  "?[ 324a",
		"\x9b2J":                   "?2 4a",
		"\xc2\x9b2J":               "? 324a",
		"é\x01":                    "? 01",
		"\u202eevil":               "?? ae657669", // a bidi override cut in two
		"\xff\xfe":                 "??",
		"  ":                       "??",
		"\x00\x00\x00\x00":         "?? 0000",
		"a\u0301":                  "a? 81",
		"\xf0\x9f\x92\xa9\u200d\n": "?? 92a9e280",
	} {
		if got := ClientName(v); got != want {
			t.Errorf("%q: %q, want %q", v, got, want)
		}
	}
}

func TestAClientNameIsShortAndPrintableWhateverWasSent(t *testing.T) {
	for a := range 256 {
		for c := range 256 {
			for _, rest := range []string{"", "\x1b", "\xff\xff", "\xff\xff\xff", "\xff\xff\xff\xff\xff\xff"} {
				v := string([]byte{byte(a), byte(c)}) + rest
				name := ClientName(v)
				if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 24 {
					t.Fatalf("%q is called %q", v, name)
				}
				for _, r := range name {
					if (r < ' ' || r > '~') && r != 'µ' {
						t.Fatalf("%q is called %q", v, name)
					}
				}
			}
		}
	}
}
