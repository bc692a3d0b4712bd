package pkarr_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"dhtop/dhtcore/pkarr"
)

// spelled is the key of the examples in Pkarr's design, in z-base-32.
const spelled = "o4dksfbqk85ogzdb5osziw6befigbuxmuxkuxq8434q89uj56uyy"

func key(t testing.TB) []byte {
	t.Helper()
	k, err := pkarr.ParseKey("pk:" + spelled)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAKeyIsReadInEveryFormThatPeoplePaste(t *testing.T) {
	want := key(t)
	if pkarr.FormatKey(want) != spelled || len(want) != 32 {
		t.Errorf("%x is written as %s", want, pkarr.FormatKey(want))
	}
	for _, s := range []string{spelled, " pk:" + spelled + "\n", "PK:" + strings.ToUpper(spelled), "https://" + spelled, "pk://" + spelled + "/x",
		"https://blog." + spelled + ":443/about?x=y#z", "_iroh." + spelled + ".", "pk:" + spelled + "?r=relay"} {
		if got, err := pkarr.ParseKey(s); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q: %x, %v", s, got, err)
		}
		if !pkarr.IsKey(s) {
			t.Errorf("%q is taken for none", s)
		}
	}
	for _, s := range []string{"", "pk:", "pk", spelled[1:], spelled + "y", "pk:" + strings.Replace(spelled, "o", "l", 1), spelled[:51] + "b",
		"https://example.com/" + spelled, strings.Repeat(".", 60), "pk:\x1b[2J"} {
		if got, err := pkarr.ParseKey(s); !errors.Is(err, pkarr.ErrKey) {
			t.Errorf("%q: %x, %v", s, got, err)
		}
	}
}

func TestRecordsComeBackAsTheyWereWritten(t *testing.T) {
	long := strings.Repeat("x", 300)
	for line, want := range map[string]string{
		"@ 300 A 192.0.2.7":                   "@ 300 A 192.0.2.7",
		"www 0 AAAA 2001:DB8::1":              "www 0 AAAA 2001:db8::1",
		"a.b 2147483647 CNAME @":              "a.b 2147483647 CNAME @",
		"x.example. 60 NS ns.example.com.":    "x.example. 60 NS ns.example.com.",
		"@ 60 MX 10 mail":                     "@ 60 MX 10 mail",
		"_s._udp 60 SRV 1 2 6881 node":        "_s._udp 60 SRV 1 2 6881 node",
		"@ 60 txt plain text; as it is":       `@ 60 TXT "plain text; as it is"`,
		`@ 60 TXT "two" "parts \"\\ \027[2J"`: `@ 60 TXT "two" "parts \"\\ \027[2J"`,
		"@ 60 TXT " + long:                    `@ 60 TXT "` + long[:255] + `" "` + long[255:] + `"`,
		"@ 60 TXT grüße":                      `@ 60 TXT "gr\195\188\195\159e"`,
	} {
		packet, err := pkarr.Encode([]string{line}, key(t))
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		records, err := pkarr.Decode(packet, key(t))
		if err != nil || len(records) != 1 || records[0].String() != want {
			t.Errorf("%q came back as %q, %v", line, records, err)
		}
	}
	records, _ := pkarr.Decode(mustEncode(t, "@ 60 TXT gr\u00fc\u00dfe \u202eevil"), key(t))
	if got := records[0].Texts; len(got) != 1 || got[0] != "grüße \ufffdevil" {
		t.Errorf("texts %q", got)
	}
	for _, line := range []string{"", "@ 300 A", "@ 300 A 1.2.3", "@ 300 A ::1", "@ x A 192.0.2.7", "@ -1 A 192.0.2.7", "@ 4294967295 A 192.0.2.7",
		"@ 1 WKS x", "@ 1 MX mail", "@ 1 MX 70000 mail", "@ 1 CNAME a b", `@ 1 TXT "open`, `@ 1 TXT "a" b`, strings.Repeat("a", 300) + " 1 A 192.0.2.7",
		strings.Repeat("a", 64) + " 1 A 192.0.2.7", "a..b 1 A 192.0.2.7"} {
		if _, err := pkarr.Encode([]string{line}, key(t)); !errors.Is(err, pkarr.ErrRecord) {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func mustEncode(t testing.TB, lines ...string) []byte {
	t.Helper()
	packet, err := pkarr.Encode(lines, key(t))
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

// packed is a packet of one record of any type.
func packed(t *testing.T, name string, kind dnsmessage.Type, class dnsmessage.Class, ttl uint32, data string) []byte {
	t.Helper()
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{})
	b.StartAnswers() //nolint:errcheck // Finish tells
	h := dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name), Class: class, TTL: ttl}
	if err := b.UnknownResource(h, dnsmessage.UnknownResource{Type: kind, Data: []byte(data)}); err != nil {
		t.Fatal(err)
	}
	packet, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

func TestOddRecordsAreShownAsTheyAre(t *testing.T) {
	const in = dnsmessage.ClassINET
	for _, c := range []struct {
		packet []byte
		want   string
	}{
		{packed(t, "a.", 65280, in, math.MaxUint32, "\x00\xff"), `a. 4294967295 TYPE65280 \# 2 00ff`},
		{packed(t, "a.", 257, in, 1, "x"), `a. 1 CAA \# 1 78`},
		{packed(t, "a.", 16, dnsmessage.ClassCHAOS, 1, "\x01x"), `a. 1 CH TXT "x"`},
		{packed(t, "a.", 16, 0x8001, 1, "\x01x"), `a. 1 CLASS32769 TXT "x"`},
		{packed(t, "a.", 1, in, 1, "abc"), `a. 1 A \# 3 616263`},
		{packed(t, "a.", 28, in, 1, "abcd"), `a. 1 AAAA \# 4 61626364`},
		{packed(t, "a.", 16, in, 1, "\x09x"), `a. 1 TXT \# 2 0978`},
		{packed(t, "a.", 5, in, 1, ""), `a. 1 CNAME \# 0`},
		{packed(t, "\x1b]52;c;eA==\x07.", 1, in, 1, "abcd"), `\027]52\;c\;eA==\007. 1 A 97.98.99.100`},
		{packed(t, "x."+strings.ToUpper(spelled)+".", 1, in, 1, "abcd"), `x 1 A 97.98.99.100`},
		{packed(t, "x"+spelled[1:]+".", 1, in, 1, "abcd"), "x" + spelled[1:] + `. 1 A 97.98.99.100`},
		{packed(t, "a.", 64, in, 1, "\x00\x01\x00\x00\x01\x00\x06\x02h2\x02h3\x00\x03\x00\x02\x01\xbb\x00\x04\x00\x04\x7f\x00\x00\x01\xff\x00\x00\x01\x1b"),
			`a. 1 SVCB 1 . alpn=h2,h3 port=443 ipv4hint=127.0.0.1 key65280="\027"`},
	} {
		records, err := pkarr.Decode(c.packet, key(t))
		if err != nil || len(records) != 1 || records[0].String() != c.want {
			t.Errorf("%q, %v; want %q", records, err, c.want)
		}
	}
}

func TestADamagedPacketGivesTheRecordsBeforeTheDamage(t *testing.T) {
	whole := mustEncode(t, "@ 1 A 192.0.2.1", "www 1 TXT x", "@ 1 CNAME www")
	all, err := pkarr.Decode(whole, key(t))
	if err != nil || len(all) != 3 {
		t.Fatalf("%q, %v", all, err)
	}
	for n := range whole {
		records, err := pkarr.Decode(whole[:n], key(t))
		if !errors.Is(err, pkarr.ErrDamaged) || len(records) > 2 || len(records) > 0 && records[0].String() != all[0].String() {
			t.Errorf("of %d bytes: %q, %v", n, records, err)
		}
	}
	if records, err := pkarr.Decode([]byte("hello world, not DNS"), key(t)); len(records) > 0 || !errors.Is(err, pkarr.ErrDamaged) {
		t.Errorf("%q, %v", records, err)
	}
}

func TestTheSequenceNumberIsTheTime(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 5000, time.UTC)
	if at, ok := pkarr.Published(pkarr.NextSeq(now, 3)); !ok || !at.Equal(now) {
		t.Errorf("%s, %t", at, ok)
	}
	future := now.Add(time.Hour).UnixMicro() // a clock was wrong: the next version must be newer all the same
	if got := pkarr.NextSeq(now, future); got != future+1 {
		t.Errorf("after %d follows %d", future, got)
	}
	if got := pkarr.NextSeq(now, math.MaxInt64); got != math.MaxInt64 {
		t.Errorf("after the last number follows %d", got)
	}
	for _, seq := range []int64{0, 7, now.Unix(), math.MaxInt64} {
		if at, ok := pkarr.Published(seq); ok {
			t.Errorf("%d is taken for %s", seq, at)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(mustEncode(f, "@ 1 A 192.0.2.1", "www 1 TXT x", "@ 1 CNAME www", "_x 1 SRV 1 2 3 www"))
	f.Add([]byte("hello world, not DNS"))
	f.Add([]byte("\x00\x00\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00")) // a name that points to itself
	own := key(f)
	f.Fuzz(func(t *testing.T, packet []byte) {
		records, err := pkarr.Decode(packet, own)
		if len(records) > len(packet) || err == nil && len(packet) < 12 {
			t.Errorf("%d records, %v", len(records), err)
		}
		for i := range records {
			for _, c := range []byte(records[i].String()) {
				if c < ' ' || c > '~' {
					t.Errorf("%q is not printable", records[i].String())
				}
			}
		}
	})
}
