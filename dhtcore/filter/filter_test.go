package filter

import (
	"math"
	"net/netip"
	"strings"
	"testing"
)

// animal is a row.
type animal struct {
	name, state string
	addr        netip.AddrPort
	legs, rtt   float64
	seen        float64
}

var animals = Table[animal]{
	{Field: Field{Name: "state", Kind: Enum, Help: "how it is", Values: []string{"good", "questionable", "bad"}, Synonyms: map[string]string{"spare": "bad"}},
		Text: func(dst []byte, r *animal) []byte { return append(dst, r.state...) }},
	{Field: Field{}, Text: func(dst []byte, _ *animal) []byte { return append(dst, "●"...) }},
	{Field: Field{Name: "name", Aliases: []string{"title"}, Help: "its name"},
		Text: func(dst []byte, r *animal) []byte { return append(dst, r.name...) }},
	{Field: Field{Name: "addr", Help: "where it lives"},
		Text: func(dst []byte, r *animal) []byte { return r.addr.AppendTo(dst) }},
	{Field: Field{Name: "net", Kind: Net, Help: "where it lives", Aside: true},
		Addr: func(r *animal) netip.AddrPort { return r.addr }},
	{Field: Field{Name: "legs", Kind: Number, Help: "how many"}, Number: func(r *animal) float64 { return r.legs }},
	{Field: Field{Name: "rtt", Kind: Duration, Help: "how fast it answers"}, Number: func(r *animal) float64 { return r.rtt }},
	{Field: Field{Name: "seen", Kind: Age, Help: "when"}, Number: func(r *animal) float64 { return r.seen }},
}

var rex = animal{name: "Debian 13 Ünïcode 2D066C94480adcf5b7ab60065f24e681a57e011f", state: "good",
	addr: netip.MustParseAddrPort("91.201.41.7:6881"), legs: 12000, rtt: 0.2, seen: 90}

func TestWhatARowIs(t *testing.T) {
	const magnet = "magnet:?xt=urn:btih:2D066C94480ADCF5B7AB60065F24E681A57E011F&dn=x&tr=http%3A%2F%2Fy"
	for text, want := range map[string]bool{
		"": true, "debian": true, "DEB 13": true, "deb 14": false, "13 deb": true, "ünï": true, "ÜNÏ": true,
		`"debian 13"`: true, `"13 debian"`: false, `!"13 debian"`: true, `name:"debian 13"`: true, `"no \"quote\""`: false,
		"!deb": false, "!rat": true, "good": true, "!good": false, "goo": true, "bad": false, "spare": false, "!spare": true,
		"●": true, "state:g": true, "state:good": true, "state=good": true, "STATE:Good": true, "!state:bad": true, "state:bad": false,
		"~^deb": true, "~^13": false, "!~^13": true, "~a|b": true, `~"^(rat|debian 13)"`: true, `~"debian 1[0-9] "`: true, "~91\\.2.*1$": true,
		"~good$": true, "name~^debian": true, "name~^bian": false, "title:bian": true, "name=debian": false, "name:cat": false,
		"legs>10": true, "legs>10k": true, "legs>12k": false, "legs>=12k": true, "legs<=12000": true, "legs<2M": true, "legs=12000": true, "legs:12000": true, "legs=12k": true, "legs=12001": false,
		"rtt>199": true, "rtt>200": false, "rtt>=200ms": true, "rtt<1.5s": true, "rtt=200": true, "rtt=0.2s": true, "rtt=199": false, "rtt<1m": true,
		"seen<2m": true, "seen<1m": false, "seen>1m30s": false, "seen>=1m30s": true, "seen=1m": true, "seen=2m": false, "seen<100": true, "seen<2h state:good !rat legs>1": true,
		"net:91.201.": true, "net:91.20": true, "net:1.201": false, "net:91.201.0.0/16": true, "net:91.202.0.0/16": false, "addr:201.41": true, "net=91.201.41.7": true,
		":6881": true, ":688": false, "91.201.41.7:6881": true, "fe80::1": false, "!fe80::": true,
		magnet: true, "!" + magnet: false, "FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7": true, "name:FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7": true,
		"urn:btih:2d066c94480adcf5b7ab60065f24e681a57e011f": true, "urn:btih:ad066c94480adcf5b7ab60065f24e681a57e011f": false,
		"2d066c94480adcf5b7ab60065f24e681a57e011f" + strings.Repeat("a", 24): true,
		"2D066c": true, "!": true, "~": true, "!~": true, `""`: true, "a>b": false,
	} {
		f, err := animals.Parse(text)
		if text == "a>b" {
			if err == nil {
				t.Errorf("%q has no error", text)
			}
			continue
		}
		buf := []byte(nil)
		if err != nil || f.Match(&rex, &buf) != want {
			t.Errorf("%q: %v, %v; want %v", text, f.Match(&rex, &buf), err, want)
		}
	}
}

func TestAMaskedAddressIsInTheNetworksAroundIt(t *testing.T) {
	shown := Table[string]{{Field: Field{Name: "net", Kind: Net}, Text: func(dst []byte, r *string) []byte { return append(dst, *r...) }}}
	row := "91.201.41.0/24"
	for text, want := range map[string]bool{"net:91.0.0.0/8": true, "net:91.201.41.0/24": true, "net:91.201.41.0/25": false, "net:92.0.0.0/8": false} {
		f, err := shown.Parse(text)
		if buf := []byte(nil); err != nil || f.Match(&row, &buf) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestUnknownNumbersAreNeitherMoreNorLess(t *testing.T) {
	odd := animal{rtt: math.NaN()}
	for text, want := range map[string]bool{"rtt>0": false, "rtt<1h": false, "rtt=0": false, "!rtt>0": true} {
		f, err := animals.Parse(text)
		if buf := []byte(nil); err != nil || f.Match(&odd, &buf) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestMistakesAreExplained(t *testing.T) {
	for text, want := range map[string]string{
		"stat:bad":       `no field "stat": did you mean state? The fields are state name addr net legs rtt seen`,
		"http://x":       `quote it: "http://x"`,
		"legs>many":      "legs>many: want a number like 10, 2.5, 10k or 2M",
		"rtt<fast":       "rtt<fast: want a time like 200 (ms), 1.5s or 2m",
		"seen<1y":        "seen<1y: want an age like 30s, 5m, 2h or 3d",
		"seen<1m2h":      "want an age",
		"rtt<1.2.3":      "want a time",
		"legs~3":         "legs is a number: write legs>10",
		"name>3":         "name is not a number: write name:word",
		"state:x":        `state is never "x": it is good, questionable or bad`,
		"state=goo":      "it is good, questionable or bad",
		"net:1.2.3.4/99": "is not a network: write net:91.201.0.0/16",
		"~deb(":          `missing closing ): deb(; one with blanks needs quotes: ~"a b"`,
		"name~[":         "invalid regular expression",
	} {
		f, err := animals.Parse(text)
		if f != nil || err == nil || IsUnfinished(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", text, f, err, want)
		}
	}
}

func TestWhatIsHalfTypedLeavesTheOtherTermsInForce(t *testing.T) {
	for _, text := range []string{"deb rtt>", "deb state:", `deb "two wo`, `deb name:"two wo`, "deb !legs<="} {
		f, err := animals.Parse(text)
		if buf := []byte(nil); !IsUnfinished(err) || f == nil || !f.Match(&rex, &buf) || f.Match(&animal{}, &buf) {
			t.Errorf("%q: %v, %v", text, f, err)
		}
	}
	if f, err := animals.Parse("rtt>"); f != nil || !IsUnfinished(err) || !strings.Contains(err.Error(), "rtt>200") {
		t.Errorf("%v, %v", f, err)
	}
}

func TestWhatMayComeNext(t *testing.T) {
	fields := animals.Fields()
	for text, want := range map[string]string{
		"":             "0: state: name: addr: net: legs> rtt> seen<",
		"deb ":         "4: state: name: addr: net: legs> rtt> seen<",
		"n":            "0: name: net:",
		"deb !st":      "4: !state:",
		"state:":       "0: state:good state:questionable state:bad",
		"x !STATE:q":   "2: !STATE:questionable",
		"que":          "0: questionable",
		"rtt>":         "0:",
		"zz":           "0:",
		`name:"two wo`: "0:",
	} {
		c := Complete(text, fields)
		if got := strings.TrimSpace(string(rune('0'+c.From)) + ": " + strings.Join(c.Options, " ")); got != want {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
	if c := Complete("rtt>", fields); !strings.HasPrefix(c.Help, "how fast it answers: a time like 200") {
		t.Errorf("%q", c.Help)
	}
	for text, want := range map[string]bool{"rt": true, "deb !RT": true, "rt ": false, "rtt>": false, "zz": false, "": false, "tit": true} {
		if CouldBeField(text, fields) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	if got := WithoutLast(`deb  name:"x y"`); got != "deb" {
		t.Errorf("%q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`state:bad client:lt rtt>200 !spare`, `!~^a"b c" name:"x\"y`, "magnet:?xt=urn:btih:&", "seen<1m", "\xff\"", "é~[", "net:1.2.3.4/8", "!!a:", "\u00a0a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := animals.Parse(s)
		if err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Fatalf("%q: an empty error", s)
		}
		buf := []byte(nil)
		got.Match(&rex, &buf)
		terms := split(s)
		at := 0
		for _, w := range terms {
			if w.from < at || s[w.from:w.from+len(w.text)] != w.text || w.text == "" {
				t.Fatalf("%q: term %+v", s, w)
			}
			at = w.from + len(w.text)
		}
		c := Complete(s, animals.Fields())
		if c.From > len(s) {
			t.Fatalf("%q: %+v", s, c)
		}
		WithoutLast(s)
	})
}

func TestMatchingDoesNotAllocate(t *testing.T) {
	for _, text := range []string{"deb 13 !rat", "state:good rtt>100 seen<1h", "~deb.*13", "good name=x net:91."} {
		f, err := animals.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 0, 512)
		if n := testing.AllocsPerRun(100, func() { f.Match(&rex, &buf) }); n > 0 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}

// A list of 500 rows is filtered ten times a second.
func BenchmarkFilter500Rows(b *testing.B) {
	for _, text := range []string{"deb 13 !rat", "state:good rtt>100 seen<1h", "~deb.*13"} {
		f, err := animals.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			buf := make([]byte, 0, 512)
			row := rex
			row.name = strings.Map(func(r rune) rune { return r & 0x7f }, row.name) // as most are: ASCII
			b.ReportAllocs()
			for b.Loop() {
				for range 500 {
					f.Match(&row, &buf)
				}
			}
		})
	}
}
