package text

import (
	"net/netip"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

func TestNothingHarmfulPassesSanitize(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"debian-13.1.0-amd64.iso", "debian-13.1.0-amd64.iso"},
		{"a\x1b]52;c;ZXZpbA==\x07b", "a�]52;c;ZXZpbA==�b"},
		{"x\x1b[2Jy", "x�[2Jy"},
		{"\u009b31mred", "�31mred"},
		{"\x9b31m", "�31m"},
		{"gpj.\u202eexe", "gpj.�exe"},
		{"a\u2066b\u2069c\u200fd", "a�b�c�d"},
		{"zero\u200bwidth\ufeff\u2060\u00ad", "zerowidth"},
		{"two\nlines\tand\u00a0blanks\u3000", "two lines and blanks "},
		{"\xff\xfebroken", "��broken"},
		{"café, 日本語", "café, 日本語"},
		{"cafe\u0301", "café"},
		{"\u0301x\u0301\u0302", "x\u0301\u0302"}, // a mark on nothing
		{"\u1112\u1161\u11ab", "한"},
		{"กำลัง नमस्ते தமிழ்", "กำลัง नमस्ते தமிழ்"},
		{"👩\u200d💻👍🏽🇫🇷", "👩\u200d💻👍🏽🇫🇷"},
		{"a\u200db می\u200cخواهم", "ab می\u200cخواهم"},
		{"e" + strings.Repeat("\u0489", 100), "e" + strings.Repeat("\u0489", 23)}, // a tower of marks
		{"\u3164\u2800|", " |"},
	} {
		got := Sanitize(c.in)
		if got != c.want {
			t.Errorf("Sanitize(%q) = %q, want %q", c.in, got, c.want)
		}
		if again := Sanitize(got); again != got {
			t.Errorf("Sanitize is not idempotent on %q: %q", got, again)
		}
	}
}

// TestTheRulerAgreesWithTheRenderer measures every rune alone, between letters, and doubled: a frame
// in which the two disagree is a frame with torn lines.
func TestTheRulerAgreesWithTheRenderer(t *testing.T) {
	bad := 0
	for r := rune(0); r <= unicode.MaxRune && bad < 20; r += everyRune {
		s := Sanitize(string(r))
		for _, probe := range [...]string{s, "a" + s + "b", s + s} {
			if Width(probe) != ansi.StringWidth(probe) {
				t.Errorf("%U: width of %q is %d here and %d in x/ansi", r, probe, Width(probe), ansi.StringWidth(probe))
				bad++
				break
			}
		}
	}
}

func FuzzWidthIsWhatTheRendererSees(f *testing.F) {
	for _, s := range []string{"", "a\x1b]52;c;x\x07", "👩‍💻👍🏽🇩🇪", "x\u202ey", "한국어 각", "कि ซำ", "\xf0\x9f", "가\u1160"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, w int) {
		clean := Sanitize(s)
		if !utf8.ValidString(clean) || Width(clean) != Width(s) {
			t.Fatalf("%q became %q: %d cells, before %d", s, clean, Width(clean), Width(s))
		}
		if got := ansi.StringWidth(clean); got != Width(clean) {
			t.Fatalf("%q: %d cells here, %d in the renderer", clean, Width(clean), got)
		}
		w = int(uint(w) % 50)
		for _, padded := range []string{PadLeft(s, w), PadRight(s, w)} {
			if Width(padded) != w {
				t.Fatalf("%q padded to %d is %q: %d cells", s, w, padded, Width(padded))
			}
		}
	})
}

// TestLoneRunesNeedNoNeighbours compares the short cut for the frequent runes with what every other rune passes.
func TestLoneRunesNeedNoNeighbours(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r += everyRune {
		to, w := lone(r)
		if w == 0 || !utf8.ValidRune(r) {
			continue
		}
		in, s := string(r), string(to)
		if Sanitize(in) != s || ansi.StringWidth(s) != w {
			t.Errorf("%U: %q has %d cells here and %d in x/ansi, and is sanitised to %q", r, s, w, ansi.StringWidth(s), Sanitize(in))
		}
		for _, other := range []string{"a", "ж", "漢", "한", "―", "█"} {
			for _, pair := range [][2]string{{in + other, s + other}, {other + in, other + s}} {
				in, pair := pair[0], pair[1]
				if Sanitize(in) != pair || clusterWidth(pair) != Width(in) {
					t.Errorf("%q: sanitised to %q, %d cells instead of %d", in, Sanitize(in), clusterWidth(pair), Width(in))
				}
			}
		}
	}
}

func TestMeasuringWhatWeDrawWithDoesNotAllocate(t *testing.T) {
	for _, s := range []string{"debian-13.1.0-amd64.iso", "── ▁▂▃ ⣿ …", "Über 東京 한국"} {
		if n := testing.AllocsPerRun(100, func() { Width(s) }); n != 0 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

func TestCutKeepsWholeRunesAndMarksTheLoss(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{
		{"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"abcdef", 1, "…"}, {"abcdef", 0, ""}, {"abcdef", -3, ""},
		{"กำลังดี", 3, "กำลั…"}, {"🇫🇷🇩🇪", 3, "🇫🇷…"}, {"नमस्ते!", 3, "नम…"},
		{"日本語", 6, "日本語"}, {"日本語", 5, "日本…"}, {"日本語", 4, "日…"},
	} {
		if got := Cut(c.in, c.w); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
	if got := PadLeft("日本語", 4); got != " 日…" {
		t.Errorf("PadLeft fills a half cell with %q", got)
	}
	if got := StyledWidth("\x1b[1mab\x1b[0m"); got != 2 {
		t.Errorf("StyledWidth counts escape sequences: %d", got)
	}
}

func TestAddressesShowWhatPrivacyAllows(t *testing.T) {
	for _, c := range []struct{ addr, whole, network, masked string }{
		{"91.201.41.7:6881", "91.201.41.7:6881", "91.201.41.0/24", "91.201.41.x"},
		{"[::ffff:91.201.41.7]:1", "91.201.41.7:1", "91.201.41.0/24", "91.201.41.x"},
		{"[2001:db8:85a3::7%eth\x1b0]:51413", "[2001:db8:85a3::7]:51413", "2001:db8:85a3::/48", "2001:db8:85a3:x"},
	} {
		a, err := netip.ParseAddrPort(c.addr)
		if err != nil {
			t.Fatal(err)
		}
		if w, n, m := Addr(a, Whole), Addr(a, Network), Addr(a, Masked); w != c.whole || n != c.network || m != c.masked {
			t.Errorf("%s: %q %q %q, want %q %q %q", c.addr, w, n, m, c.whole, c.network, c.masked)
		}
	}
	for _, p := range []Privacy{Whole, Network, Masked} {
		if got := Addr(netip.AddrPort{}, p); got != "–" {
			t.Errorf("no address is written as %q", got)
		}
	}
}

func TestPrefixesEndInAnEllipsisUnlessWhole(t *testing.T) {
	id := [20]byte{0x2d, 0x06, 0x6c, 0x94, 0x48, 0x0a}
	if got := Prefix(id, 8); got != "2d066c94…" {
		t.Errorf("got %q", got)
	}
	if got := Prefix(id, 40); len(got) != 40 || strings.ContainsRune(got, Ellipsis) {
		t.Errorf("got %q", got)
	}
}

func TestAppendFormsDoNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 128)
	addr := netip.MustParseAddrPort("91.201.41.7:6881")
	if n := testing.AllocsPerRun(100, func() {
		b := AppendPrefix(buf[:0], [20]byte{1}, 12)
		b = AppendAddr(b, addr, Whole)
		_ = AppendAddr(b, addr, Network)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
