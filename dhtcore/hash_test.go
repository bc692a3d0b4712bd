package dhtcore

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

var loopback = []netip.Addr{netip.MustParseAddr("127.0.0.1")}

func addrPort(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func TestHashesAreReadInEveryFormThatPeopleHave(t *testing.T) {
	const want = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	for _, s := range []string{
		want, " " + want + "\n", "2D066C94480ADCF5B7AB60065F24E681A57E011F",
		"FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7", "fudgzfciblopln5lmadf6jhgqgsx4ai7",
		"magnet:?xt=urn:btih:" + want + "&dn=a+name&tr=udp://t.example:1",
		"magnet:?xt=urn:btih:FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7",
		"MAGNET:?xt=urn:btih:" + want,
		"magnet:?xt=urn:btmh:1220" + want + "000000000000000000000000",
	} {
		if got, err := ParseHash(s); err != nil || got.String() != want {
			t.Errorf("%q: %s, %v", s, got, err)
		}
	}
}

func TestATorrentFileIsAHash(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.torrent")
	if err := os.WriteFile(path, []byte("d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := ParseHash(path); err != nil || got.String() != "4de9b0e9855b349178fb7a42f37dc0f2fac3018d" {
		t.Errorf("%s, %v", got, err)
	}
	broken := filepath.Join(dir, "b.torrent")
	if err := os.WriteFile(broken, []byte("d4:info"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{broken, filepath.Join(dir, "none.torrent"), dir + "/.torrent"} {
		if _, err := ParseHash(bad); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestWhatIsNoHashSaysWhatItShouldBe(t *testing.T) {
	for _, s := range []string{"", "abc", "zz066c94480adcf5b7ab60065f24e681a57e011f", "11111111111111111111111111111111",
		"magnet:?dn=x", "magnet:?xt=urn:btih:abc", "2d066c94480adcf5b7ab60065f24e681a57e011f0"} {
		if _, err := ParseHash(s); !errors.Is(err, ErrHash) {
			t.Errorf("%q: %v", s, err)
		}
	}
}
