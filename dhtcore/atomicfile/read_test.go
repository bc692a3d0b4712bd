package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyRegularFilesAreReadUpToALimit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, info, err := Read(path, 5); err != nil || string(b) != "hello" || info.Size() != 5 {
		t.Errorf("%q, %v, %v", b, info, err)
	}
	if _, _, err := Read(path, 4); err == nil || !strings.Contains(err.Error(), "5 bytes are too many") {
		t.Errorf("over the limit: %v", err)
	}
	if _, _, err := Read(filepath.Join(dir, "none"), 5); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for _, other := range []string{dir, os.DevNull} {
		if _, _, err := Read(other, 5); !errors.Is(err, ErrNotRegular) {
			t.Errorf("%s: %v", other, err)
		}
	}
}
