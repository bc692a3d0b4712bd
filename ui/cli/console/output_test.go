package console

import (
	"os"
	"path/filepath"
	"testing"

	"dhtop/dhtcore/needs"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	out, err := Open(t.Context(), Streams{}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Discard()
	if _, err := out.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := out.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestAnOutputFileIsReplacedAsAWholeAndALinkKept(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	write(t, file, "first")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	write(t, link, "second")
	if b, err := os.ReadFile(file); err != nil || string(b) != "second" {
		t.Errorf("%q, %v", b, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestADeviceIsWrittenToAndStaysADevice(t *testing.T) {
	info, err := os.Stat(os.DevNull)
	needs.That(t, err == nil && info.Mode()&os.ModeDevice != 0, "a device to write to")
	out, err := Open(t.Context(), Streams{}, os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if out.file != nil { // Commit would rename a file over it
		t.Fatal("a device would be replaced")
	}
	if err := out.Commit(); err != nil {
		t.Error(err)
	}
}
