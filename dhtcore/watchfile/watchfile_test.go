package watchfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	hexHash = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	itemKey = "pk:yqrx81zchh6aotjj85s96gdqbmsoprxr3ks6ks6y8eccpj8b7oiy"
)

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAWatchFileIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	writeFile(t, path, `# mine
`+hexHash+`   min-seeds=3 scrape=yes  The one, with #1 in it  # and a comment

"magnet:?xt=urn:btih:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&dn=two+words&tr=udp://t.example:1"
`+itemKey+`/salt	keys`)
	entries, err := ReadFile(t.Context(), path)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%+v, %v", entries, err)
	}
	one, two, item := entries[0], entries[1], entries[2]
	if one.Target.String() != hexHash || one.MinSeeds != 3 || !one.Scrape || one.Label != "The one, with" || one.File != path {
		t.Errorf("%+v", one)
	}
	if two.Label != "two words" || len(two.Trackers) != 1 || two.MinSeeds != 0 || two.Scrape {
		t.Errorf("%+v", two)
	}
	if !item.IsItem() || item.Item.Salt != "salt" || item.Label != "keys" || item.Target != item.Item.Target() {
		t.Errorf("%+v", item)
	}
	for bad, says := range map[string]string{
		"\nnonsense":                  "line 2: want an info_hash, a magnet link",
		hexHash + " min-seeds=many":   `line 1: "min-seeds=many": want a number`,
		"pk:short":                    "z-base-32",
		"gone.torrent":                "gone.torrent",
		hexHash + "\nxyz\n" + itemKey: "line 2",
	} {
		writeFile(t, path, bad)
		if _, err := ReadFile(t.Context(), path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v; want %q", bad, err, says)
		}
	}
}
