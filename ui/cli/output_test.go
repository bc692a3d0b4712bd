package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/ui/cli/exit"
)

func TestAFileStaysWhenThereIsNothingToPutIntoIt(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "precious")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := dhtop(t, "", append(strings.Fields(
		"get 2d066c94480adcf5b7ab60065f24e681a57e011f --timeout 100ms --bind 127.0.0.1 --port 0 --bootstrap none --store none -o"), file)...)
	if code != exit.Nothing || !strings.Contains(stderr, "no item found") {
		t.Errorf("exit code %d, said %q", code, stderr)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "precious" {
		t.Errorf("the file holds %q, %v", b, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
