package dhtcore

import (
	"os"
	"path/filepath"
	"testing"
)

// A hash comes from a person, a file or a pipe.
func FuzzParseHash(f *testing.F) {
	f.Add("2d066c94480adcf5b7ab60065f24e681a57e011f")
	f.Add("FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7")
	f.Add("magnet:?xt=urn:btih:2d066c94480adcf5b7ab60065f24e681a57e011f&dn=a")
	f.Add("magnet:?xt=urn:btmh:12202d066c94480adcf5b7ab60065f24e681a57e011f000000000000000000000000")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 0 && filepath.Ext(s) == ".torrent" {
			return // names a file
		}
		id, err := ParseHash(s)
		if err != nil && !id.Zero() {
			t.Errorf("%q: both %s and %v", s, id, err)
		}
		if err == nil {
			if again, err := ParseHash(id.String()); err != nil || again != id {
				t.Errorf("%q: %s is read back as %s, %v", s, id, again, err)
			}
		}
	})
}

func FuzzTorrentFile(f *testing.F) {
	f.Add([]byte("d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"))
	path := filepath.Join(f.TempDir(), "a.torrent")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if id, err := ParseHash(path); err == nil && id.Zero() {
			t.Error("a torrent without a hash")
		}
	})
}

// A saved table may be anybody's file: it is used, or set aside with a warning, and never crashes.
func FuzzSavedTable(f *testing.F) {
	f.Add([]byte(`{"version":1,"id":"0123456789012345678901234567890123456789","nodes":[{"id":"0123456789012345678901234567890123456789","addr":"192.0.2.1:1","rtt_ms":1.5}]}`))
	f.Add([]byte(`{"version":1`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, "table.json")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		saved, _ := loadTable(path)
		if saved.ID.Zero() {
			t.Error("an identity without an ID")
		}
		for _, n := range append(saved.restored(IPv4), saved.restored(IPv6)...) {
			if !n.Addr.IsValid() || n.Addr.Port() == 0 {
				t.Errorf("restored %+v", n)
			}
		}
	})
}
