package torrent

import (
	"strings"
	"testing"
)

func TestAnEscapedHashIsReadAsItStandsInAQuery(t *testing.T) {
	for text, want := range map[string]string{
		"%E3K[%89{%CA\x1a%C4l%A7%99,5%8A%C8\x7f\x1e\x0e%AD%DB": "e34b5b897bca1ac46ca7992c358ac87f1e0eaddb",
		"é" + strings.Repeat("%00", 18):                        "c3a9" + strings.Repeat("00", 18), // valid UTF-8 of two bytes
		"%FF%41" + strings.Repeat("z", 18):                     "ff41" + strings.Repeat("7a", 18),
		"100%25aaaaaaaaaaaaaa":                                 "31303025" + "3235" + strings.Repeat("61", 14), // 20 bytes, of which one is "%"
	} {
		if got, ok := ParseEscaped(text); !ok || got.String() != want {
			t.Errorf("%q: %s, %v; want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "abcdef0123456789abcd", "ABCDEFABCDEFABCDEFAB", strings.Repeat("%zz", 20), strings.Repeat("%00", 20), strings.Repeat("%00", 21), strings.Repeat("%00", 19),
		"\ufffdK[\ufffd{\ufffd\x1a\ufffdl\ufffd\ufffd,5\ufffd\ufffd\x7f\x1e\x0e\ufffd\ufffd", strings.Repeat("%", 1e6),
	} {
		if got, ok := ParseEscaped(text); ok {
			t.Errorf("%.60q is %s", text, got)
		}
	}
}

func TestTheTextOfAStrangerOpensNoFile(t *testing.T) {
	path := write(t, "a.torrent", "d4:info"+infoV1+"e")
	for _, text := range []string{path, "file://" + path, "~/" + path, "/etc/passwd", "a.torrent", "//host/share/a.torrent", `"` + path + `"`} {
		if got, err := ParseText(text); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
	if got, err := ParseText("magnet:?dn=a/b.torrent&xt=urn:btih:" + first); err != nil || hashes(got) != first {
		t.Errorf("a link: %v, %v", got, err)
	}
}

func TestTheContentOfAFileIsReadAsTheFile(t *testing.T) {
	got, err := ParseFile([]byte("d4:info" + infoHybrid + "e"))
	if err != nil || len(got.Hashes) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	for content, says := range map[string]string{"": "is empty", "<html>": "is a web page", "d4:info" + strings.Repeat("d1:a", 1e5): "broken"} {
		if _, err := ParseFile([]byte(content)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v; want %q", content, err, says)
		}
	}
}
