package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
	"dhtop/ui/cli/exit"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	out, err := openOutput(t.Context(), streams{}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.discard()
	if _, err := out.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := out.commit(); err != nil {
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
	out, err := openOutput(t.Context(), streams{}, os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if out.file != nil { // commit would rename a file over it
		t.Fatal("a device would be replaced")
	}
	if err := out.commit(); err != nil {
		t.Error(err)
	}
}

func TestAnInterruptEndsTheWaitForStandardInput(t *testing.T) {
	in, typing := io.Pipe()
	defer typing.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hashes, err := readHashes(ctx, []string{"-"}, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := hashes.wait(ctx, func(wanted) {}); !errors.Is(err, error(exit.ErrInterrupted)) {
		t.Errorf("got %v", err)
	}
}

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
