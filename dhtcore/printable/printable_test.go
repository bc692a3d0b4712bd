package printable

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintableTextIsHarmlessWhateverItWas(t *testing.T) {
	for in, want := range map[string]string{
		"plain ASCII, 100 %":         "plain ASCII, 100 %",
		"Über 東京 Ελλάς 🎉":            "Über 東京 Ελλάς 🎉",
		"tab\tnew\nline\u2028\u00a0": "tab new line  ",
		"\x1b[31mred\x9b\x07":        "�[31mred��",
		"c1 \u0085\u009b":            "c1  �",
		"a\u202eb\u2069c\u200fd":     "a�b�c�d",
		"zero\u200bwidth\ufeff":      "zerowidth",
		"bad \xff\xc3":               "bad ��",
		"\x00\x7f":                   "��",
	} {
		if got, cut := String(in), Cut([]byte(in), 100); got != want || cut != want {
			t.Errorf("%q: %q, cut %q, want %q", in, got, cut, want)
		}
	}
}

func TestACutTextEndsWithAWholeRune(t *testing.T) {
	for n, want := range []string{"", "a", "a", "a", "a東", "a東", "a東", "a東京", "a東京", "a東京"} {
		if got := Cut([]byte("a\u200b東\u200b京\u200b"), n); got != want {
			t.Errorf("%d bytes: %q, want %q", n, got, want)
		}
	}
}

func TestASCIIHasOneVisibleCharacterARune(t *testing.T) {
	for in, want := range map[string]string{"LT": "LT", "a b": "a?b", "µT": "?T", "\xff\x1b": "??", "": ""} {
		if got := ASCII(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzNothingUnprintableComesOut(f *testing.F) {
	f.Add([]byte("\x1b]52;c;AAAA\x07\u202e\u200b\xff東\n"), 7)
	f.Fuzz(func(t *testing.T, in []byte, n int) {
		n = min(max(n, 0), 1<<10)
		whole, cut := String(string(in)), Cut(in, n)
		if len(cut) > n || len(whole) <= n && cut != whole {
			t.Errorf("%q cut to %d bytes: %q of %q", in, n, cut, whole)
		}
		for _, s := range []string{whole, cut} {
			if !utf8.ValidString(s) {
				t.Errorf("%q: %q is not UTF-8", in, s)
			}
			for _, r := range s {
				if !unicode.IsPrint(r) {
					t.Errorf("%q: %q holds %q", in, s, r)
				}
			}
		}
	})
}
