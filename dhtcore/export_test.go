package dhtcore

import (
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/ledger"
)

func TestAnExportCreatesNoStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	for _, err := range Stored(t.Context(), Config{Store: "sqlite:" + path}, 0) {
		if err == nil || !strings.Contains(err.Error(), "there is no store at "+path) || !strings.Contains(err.Error(), "--store") {
			t.Errorf("got %v", err)
		}
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWhatIsImportedTwiceChangesTheStoreOnce(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	parts := func(yield func(StorePart, error) bool) {
		yield(StorePart{Origin: NamedOrigin("a friend"), HashRow: ledger.HashRow{InfoHash: ID{7}, Requests: 100}}, nil)
	}
	for _, want := range []int{1, 0} {
		if changed, err := Import(t.Context(), Config{Store: url}, parts); err != nil || changed != want {
			t.Errorf("%d changed, %v; want %d", changed, err, want)
		}
	}
	n := 0
	for h, err := range Stored(t.Context(), Config{Store: url}, 0) {
		if n++; err != nil || h.InfoHash != (ID{7}) || h.Requests != 100 {
			t.Errorf("%+v, %v", h, err)
		}
	}
	if n != 1 {
		t.Errorf("%d hashes", n)
	}
}
