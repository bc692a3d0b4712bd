package torrent

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore/wire"
)

const (
	first    = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	second   = "77c99e1f37cd0b8e8e2a3f5b0d9f1f0c2b3a4d5e"
	base     = "FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7" // of first
	third    = "99aabbccddeeff00112233445566778899aabbcc"
	thirdAll = third + "ddeeff001122334455667788" // the SHA-256 of version 2
)

// hashes returns the hashes of torrents: those of one torrent joined by "+", torrents by spaces.
func hashes(torrents []Torrent) string {
	var all []string
	for _, t := range torrents {
		var one []string
		for _, h := range t.Hashes {
			one = append(one, h.String())
		}
		all = append(all, strings.Join(one, "+"))
	}
	return strings.Join(all, " ")
}

func TestHashesAreReadInEveryFormThatPeoplePaste(t *testing.T) {
	for s, want := range map[string]string{
		first:                                  first,
		" " + first + "\r\n":                   first,
		"\ufeff" + first:                       first,
		strings.ToUpper(first):                 first,
		`"` + first + `"`:                      first,
		"'" + first + "'":                      first,
		"0x" + first:                           first,
		"0X" + strings.ToUpper(first):          first,
		base:                                   first,
		strings.ToLower(base):                  first,
		base[:16] + strings.ToLower(base[16:]): first,
		"urn:btih:" + first:                    first,
		"URN:BTIH:" + base:                     first,
		"btih:" + first:                        first,
		thirdAll:                               third,
		strings.ToUpper(thirdAll):              third,
		"0x" + thirdAll:                        third,
		"1220" + thirdAll:                      third,
		first + "\n" + second + " " + base:     first + " " + second,
		"urn:btmh:1220" + thirdAll:             third,
	} {
		if got, err := Parse(t.Context(), s); err != nil || hashes(got) != want {
			t.Errorf("%q: %s, %v", s, hashes(got), err)
		}
	}
}

func TestMagnetLinksAreReadAsLibtorrentReadsThem(t *testing.T) {
	const x, y = "xt=urn:btih:" + first, "xt=urn:btih:" + second
	const v2 = "xt=urn:btmh:1220" + thirdAll
	for link, want := range map[string]string{
		"magnet:?" + x + "&dn=a+name&tr=udp://t.example:1":                      first,
		"MAGNET:?XT=URN:BTIH:" + strings.ToUpper(first):                         first,
		"magnet:?xt=urn:btih:" + base:                                           first,
		"magnet:?xt=urn:btih:" + strings.ToLower(base):                          first,
		"magnet:?xt.1=urn:btih:" + first:                                        first,
		"magnet:?Xt.12=urn:btih:" + first:                                       first,
		"magnet:?xt=urn:ed2k:31d6cfe0&" + x:                                     first,
		"magnet:?xt=urn%3Abtih%3A" + first:                                      first,
		"magnet:?" + x + "&" + x:                                                first,
		"magnet:?" + x + "&xt.2=urn:btih:" + base:                               first,
		"magnet:?dn=C# for all&" + x:                                            first,
		"magnet:?dn=100%&" + x + "&tr=%zz":                                      first,
		"magnet:?dn=a;b=c&dn&=&&" + x:                                           first,
		"magnet:?dn=a&amp;" + x:                                                 first,
		"magnet:" + x:                                                           first,
		"magnet://?" + x:                                                        first,
		"<magnet:?" + x + ">":                                                   first,
		"magnet%3A%3Fxt%3Durn%3Abtih%3A" + first + "%26dn%3Da":                  first,
		"magnet:?xt=urn:btih:+" + first + "%20":                                 first,
		"magnet:?" + x + "&" + y:                                                first + " " + second,
		"magnet:?xt.1=urn:btih:" + first + "&xt.2=urn:btih:" + second + "&" + x: first + " " + second,
		"magnet:?" + x + "&dn=a b\nMAGNET:?" + y:                                first + " " + second,
		"magnet:?" + v2:                                                         third,
		"magnet:?" + v2 + "&" + v2:                                              third,
		"magnet:?" + x + "&" + v2:                                               first + "+" + third,
		"magnet:?" + v2 + "&" + x:                                               first + "+" + third,
		"magnet:?" + v2 + "&xt=urn:btih:" + third:                               third, // libtorrent writes both for the DHT's sake
		"magnet:?" + x + "&" + y + "&" + v2:                                     third + " " + first + " " + second,
	} {
		if got, err := Parse(t.Context(), link); err != nil || hashes(got) != want {
			t.Errorf("%q: %s, %v", link, hashes(got), err)
		}
	}
}

func TestTheNameOfALinkIsUnescapedAsSpacesAreWritten(t *testing.T) {
	for link, want := range map[string]string{
		"magnet:?dn=a+b&xs=1":         "a b",
		"magnet:?dn=a%20b%2Bc":        "a b+c",
		"magnet:?DN.1=C#%23+100%+%e4": "C## 100% \xe4",
	} {
		for name, value := range Params(link) {
			if name == "dn" && value != want {
				t.Errorf("%q: %q", link, value)
			}
		}
	}
}

func TestWhatIsNoHashSaysWhatItShouldBe(t *testing.T) {
	for s, says := range map[string]string{
		"":                             "no hash",
		" \t":                          "no hash",
		`""`:                           "no hash",
		"abc":                          "3 characters",
		"zz" + first[2:]:               "not hexadecimal",
		"zz" + thirdAll[2:]:            "not hexadecimal",
		strings.Repeat("1", 32):        "not base32",
		first + "0":                    "41 characters",
		"magnet:":                      "without a hash",
		"magnet:?dn=x":                 "without a hash",
		"magnet:?xt=urn:btih:abc":      "characters",
		"magnet:?xt=urn:btih:":         "characters",
		"magnet:?xt=urn:btmh:" + first: "multihash",
		"magnet:?xt=urn:btih:" + first + "&xt=urn:btih:zz": "characters", // rather than half of what was meant
	} {
		got, err := Parse(t.Context(), s)
		if !errors.Is(err, ErrHash) || got != nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

func TestTheWholeHashOfVersion2IsKept(t *testing.T) {
	for _, s := range []string{thirdAll, "magnet:?xt=urn:btmh:1220" + thirdAll, "magnet:?xt=urn:btih:" + first + "&xt=urn:btmh:1220" + thirdAll} {
		got, err := Parse(t.Context(), s)
		if err != nil || len(got) != 1 || !got[0].HasV2() || wire.ID(got[0].V2[:20]).String() != third {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	if got, _ := Parse(t.Context(), first); got[0].HasV2() {
		t.Errorf("%+v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(first)
	f.Add(base)
	f.Add("magnet:?xt=urn:btih:" + first + "&dn=a&xt.1=urn:btih:" + second)
	f.Add("magnet:?xt=urn:btmh:1220" + thirdAll)
	f.Add("magnet%3A%3Fxt%3Durn%3Abtih%3A" + first)
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, '/') || strings.Contains(strings.ToLower(s), "file:") || strings.Contains(strings.ToLower(s), ".torrent") {
			return // may name a file
		}
		got, err := Parse(t.Context(), s)
		if (err == nil) != (len(got) > 0) || err != nil && !errors.Is(err, ErrHash) {
			t.Fatalf("%q: %v, %v", s, got, err)
		}
		var all []wire.ID
		for _, one := range got {
			if len(one.Hashes) == 0 || len(one.Hashes) > 2 || one.V2 != [sha256.Size]byte{} && !slices.Contains(one.Hashes, wire.ID(one.V2[:20])) {
				t.Errorf("%q: %+v", s, one)
			}
			all = append(all, one.Hashes...)
		}
		for i, h := range all {
			if slices.Contains(all[:i], h) {
				t.Errorf("%q: %s twice", s, h)
			}
			if again, err := Parse(t.Context(), h.String()); err != nil || again[0].Hashes[0] != h {
				t.Errorf("%q: %s is read back as %v, %v", s, h, again, err)
			}
		}
	})
}
