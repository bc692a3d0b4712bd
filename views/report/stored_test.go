package report

import (
	"strings"
	"testing"
)

func TestAnEmptyExportOfAStoreIsWellFormed(t *testing.T) {
	for f, want := range map[Format]string{Plain: "", CSV: storedHeader, JSON: "[\n]\n", NDJSON: "", Magnet: ""} {
		var b strings.Builder
		if err := NewStoredWriter(&b, f).Close(); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v; want %q", f, b.String(), err, want)
		}
	}
}
