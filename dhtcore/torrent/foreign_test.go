package torrent

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
)

// theirs is what libtorrent reads of a file or a link.
type theirs struct{ What, Name, V1, V2 string }

func TestLibtorrentReadsTheSameHashes(t *testing.T) {
	const x, v2 = "xt=urn:btih:" + first, "xt=urn:btmh:1220" + thirdAll
	links := []string{
		"magnet:?" + x + "&dn=a+b%20c&tr=udp%3A%2F%2Ft.example%3A1",
		"magnet:?xt=urn:btih:" + base,
		"magnet:?xt=urn:btih:" + strings.ToLower(base),
		"magnet:?XT=urn:btih:" + strings.ToUpper(first),
		"magnet:?xt.1=urn:btih:" + first + "&xt.2=" + strings.TrimPrefix(v2, "xt="),
		"magnet:?xt=urn:ed2k:31d6cfe0d16ae931b73c59d7e0c089c0&" + x,
		"magnet:?" + x + "&" + x,
		"magnet:?dn=C# for all&" + x,
		"magnet:?dn=a;b=c&" + x,
		"magnet:?" + v2 + "&dn=%C3%A4",
		"magnet:?" + x + "&" + v2,
	}
	script := exec.Command(needs.Libtorrent(t), "testdata/libtorrent_forms.py", t.TempDir())
	script.Stdin = strings.NewReader(strings.Join(links, "\n"))
	var errs bytes.Buffer
	script.Stderr = &errs
	said, err := script.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	read := 0
	for d := json.NewDecoder(bytes.NewReader(said)); d.More(); read++ {
		var want theirs
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		compare(t, want)
	}
	if read != len(links)+6 {
		t.Errorf("libtorrent read %d files and links", read)
	}
}

func compare(t *testing.T, want theirs) {
	t.Helper()
	got, err := Parse(t.Context(), want.What)
	if err != nil || len(got) != 1 {
		t.Errorf("%s: %+v, %v", want.What, got, err)
		return
	}
	var both []string
	for _, h := range []string{want.V1, want.V2} {
		if h != "" {
			both = append(both, h[:40])
		}
	}
	if hashes(got) != strings.Join(both, "+") || want.V2 != "" && hex.EncodeToString(got[0].V2[:]) != want.V2 {
		t.Errorf("%s: %s, libtorrent has %+v", want.What, hashes(got), want)
	}
	if got[0].Info == nil {
		for name, value := range Params(want.What) {
			if name == "dn" && value != want.Name {
				t.Errorf("%s: the name is %q, for libtorrent %q", want.What, value, want.Name)
			}
		}
		return
	}
	if info, err := got[0].Metadata(); err != nil || info.Name != want.Name || info.FileCount != 4 || info.Size != 5+70_000+16384 {
		t.Errorf("%s: %+v, %v", want.What, info, err)
	}
}
