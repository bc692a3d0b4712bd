package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"dhtop/dhtcore/needs"
)

// holds fails unless the file at path holds text, and dir nothing but so many entries.
func holds(t *testing.T, path, text string, entries int) {
	t.Helper()
	if b, err := os.ReadFile(path); err != nil || string(b) != text {
		t.Errorf("%s holds %q, %v; want %q", path, b, err, text)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != entries {
		t.Errorf("%d entries, %v; want %d", len(left), err, entries)
	}
}

func TestAFileIsReplacedAsAWholeWhenCommitted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := Write(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	if _, err := f.WriteString("new"); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "old", 2)
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Discard() // does nothing now
	holds(t, path, "new", 1)
}

func TestWhatIsDiscardedLeavesNothingBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := Write(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.Discard()
	holds(t, path, "old", 1)
}

func TestAFileKeepsItsModeAndANewOneGetsTheGivenMode(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "modes of files")
	path := filepath.Join(t.TempDir(), "file")
	for _, step := range []struct{ pass, chmod, want fs.FileMode }{{0o640, 0, 0o640}, {0o600, 0o604, 0o604}} {
		if step.chmod != 0 {
			if err := os.Chmod(path, step.chmod); err != nil {
				t.Fatal(err)
			}
		}
		if err := Write(path, nil, step.pass); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != step.want {
			t.Errorf("mode %v, %v; want %v", info.Mode(), err, step.want)
		}
	}
}

func TestALinkStaysALink(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o600), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds(t, file, "new", 2)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestACommitThatFailsCleansUp(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	f, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err == nil {
		t.Error("a directory was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%d entries, %v; want the directory alone", len(left), err)
	}
}

func TestOfManyThatWriteANewFileOneSucceeds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var wrote atomic.Int32
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			switch err := WriteNew(path, []byte("text"), 0o600); {
			case err == nil:
				wrote.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if wrote.Load() != 1 {
		t.Errorf("%d writers succeeded", wrote.Load())
	}
	holds(t, path, "text", 1)
}
