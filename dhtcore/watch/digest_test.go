package watch

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

func TestTheDigestSaysWhatHappened(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 3600))
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, now.Location()) }
	f := DigestFacts{Since: at(1, 0), Now: now, Entries: 40, NewHashes: 12204, Alerts: []Alert{
		{Kind: LastSeed, Target: numbered(1), Name: "one", Fired: at(8, 0)},
		{Kind: LastSeed, Target: numbered(2), Name: "two", Fired: at(7, 0), Cleared: at(8, 0)},
		{Kind: LastSeed, Target: numbered(3), Name: "three", Fired: at(6, 0)},
		{Kind: MineGone, Target: numbered(3), Name: "three", Fired: at(6, 0), Cleared: at(7, 0)},
		{Kind: RecordChanged, Target: numbered(4), Name: "record", Fired: at(5, 0), Cleared: at(6, 0)},
		{Kind: NodeUnreachable, Since: at(2, 10), Fired: at(2, 30), Cleared: at(2, 40)},
		{Kind: NetworkGone, Since: at(8, 50), Fired: at(8, 52)},
		{Kind: Demand, Target: numbered(5), Fired: at(0, 30)}, // before
		{Kind: NetworkGone, Since: at(0, 10), Fired: at(0, 20), Cleared: at(0, 30)},
	}}
	want := []string{
		"3 of 40 lost their last seed; 1 has recovered",
		"three no longer has your client among its peers, and has recovered",
		"record changed",
		"your port was closed from 02:10 to 02:40",
		"the network was gone since 08:50",
		"12,204 new hashes",
	}
	d := MakeDigest(&f)
	var got []string
	for _, l := range d.Lines {
		got = append(got, l.Text)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(d.Lines[0].Targets) != 3 || d.Lines[0].Kind != LastSeed || d.Lines[5].Kind != Kinds {
		t.Errorf("%+v", d.Lines)
	}
	if d := MakeDigest(&DigestFacts{Since: at(1, 0), Now: now}); len(d.Lines) != 0 {
		t.Errorf("nothing happened: %+v", d)
	}
}

func TestAPublicKeyIsReadInBothForms(t *testing.T) {
	const z = "pk:yqrx81zchh6aotjj85s96gdqbmsoprxr3ks6ks6y8eccpj8b7oiy" // of Pkarr's documentation
	i, err := ParseItem(" " + z + "/a/b ")
	if err != nil || i.Salt != "a/b" || i.String() != z+"/a/b" {
		t.Fatalf("%v, %v", i, err)
	}
	h, err := ParseItem("pk:" + strings.ToUpper(hex.EncodeToString(i.Key[:])))
	if err != nil || h.Key != i.Key || h.Salt != "" || h.Target() == i.Target() {
		t.Fatalf("%v, %v", h, err)
	}
	for _, bad := range []string{"", "pk:", "pk:abc", z[3:], "pk:" + strings.Repeat("0", 63), z + "/" + strings.Repeat("s", 65)} {
		if _, err := ParseItem(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
