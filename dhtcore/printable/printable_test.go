package printable

import (
	"strings"
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
		"cafe\u0301 하ᄂ":              "cafe\u0301 하ᄂ", // decomposed text stays so
		"नमस्\u200dते می\u200cخواهم": "नमस्\u200dते می\u200cخواهم",
		"👩\u200d💻 🏳\ufe0f\u200d🌈 👍🏽 🇫🇷":      "👩\u200d💻 🏳\ufe0f\u200d🌈 👍🏽 🇫🇷",
		"a\u200db \u200dनम\u200d \u200c":     "ab नम ", // joiners that join nothing
		"नम\u200d\u200d\u200dते":             "नम\u200dते",
		scotland + "!":                       scotland + "!",
		"a\U000e0067\U000e007f 🏴\U000e0067x": "a 🏴x", // tags of no flag
		"🏴\U000e007f":                        "🏴",
		"\ue0b0\U0001fae9\U0003fffe":         "\ue0b0\U0001fae9�",
	} {
		if got, cut := String(in), Cut([]byte(in), 100); got != want || cut != want {
			t.Errorf("%q: %q, cut %q, want %q", in, got, cut, want)
		}
	}
}

// scotland is the flag of Scotland.
const scotland = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

func TestLineEndsStayInLines(t *testing.T) {
	if got := Lines("a\nb\r\n\x1b[2J"); got != "a\nb \n�[2J" {
		t.Errorf("%q", got)
	}
}

func TestPrintableTextIsReturnedAsItIs(t *testing.T) {
	for _, s := range []string{"plain ASCII", "Über 東京 cafe\u0301 نمی\u200cدانم 👩\u200d💻", scotland} {
		if n := testing.AllocsPerRun(100, func() { String(s) }); n != 0 {
			t.Errorf("%q: %v allocations", s, n)
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

// harmful reports whether a terminal or a reader may be led astray by r.
func harmful(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.IsSpace(r) && r != ' ' ||
		unicode.Is(unicode.Cf, r) && r != zwj && r != zwnj && (r < tagDigit || r > tagEnd)
}

func FuzzNothingUnprintableComesOut(f *testing.F) {
	f.Add([]byte("\x1b]52;c;AAAA\x07\u202e\u200b\xff東\n"), 7)
	f.Add([]byte("नमस्\u200dते👩\u200d💻"+scotland), 17)
	f.Fuzz(func(t *testing.T, in []byte, n int) {
		n = min(max(n, 0), 1<<10)
		whole, cut := String(string(in)), Cut(in, n)
		if len(cut) > n || len(whole) <= n && cut != whole || !strings.HasPrefix(whole, cut) {
			t.Errorf("%q cut to %d bytes: %q of %q", in, n, cut, whole)
		}
		for _, s := range []string{whole, cut} {
			if !utf8.ValidString(s) {
				t.Errorf("%q: %q is not UTF-8", in, s)
			}
			if again := String(s); again != s {
				t.Errorf("%q: %q becomes %q the second time", in, s, again)
			}
			if i := strings.IndexFunc(s, harmful); i >= 0 {
				t.Errorf("%q: %q holds %q", in, s, s[i:])
			}
		}
	})
}
