package dhtcore

import (
	"os"
	"path/filepath"
	"testing"
)

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
