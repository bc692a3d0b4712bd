package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"dhtop/dhtcore/needs"
)

// TestAFullFileSystemTakesNothingAndCatchesUp fills a real file system, which only root can mount.
func TestAFullFileSystemTakesNothingAndCatchesUp(t *testing.T) {
	dir := t.TempDir()
	err := syscall.Mount("dhtop", dir, "tmpfs", 0, "size=2m")
	needs.NoError(t, err, "permission to mount a file system")
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) }) //nolint:errcheck // it is gone with the test
	s := open(t, filepath.Join(dir, "x.sqlite"))
	save(t, s, many(0, 1000)...)
	ballast := write(t, dir, "ballast", "")
	if err := os.WriteFile(ballast, bytes.Repeat([]byte{1}, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	before := totalOf(t, s)
	wantTrouble(t, s.Save(t.Context(), Batch{Hashes: many(1000, 20_000)}), "disk")
	if n := totalOf(t, s); n != before {
		t.Fatalf("%d requests after a Save that failed, %d before", n, before)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	save(t, s, many(1000, 2000)...)
	if n, err := s.Count(t.Context()); n != 3000 || err != nil {
		t.Fatalf("Count = %d, %v", n, err)
	}
}

// asNobody runs do without the rights of root, which may write everywhere.
func asNobody(t *testing.T, dir string, do func()) {
	t.Helper()
	if os.Getuid() != 0 {
		do()
		return
	}
	const nobody = 65534
	runtime.LockOSThread() // fsuid is a thread's own; the driver does its I/O on the thread of its caller
	defer runtime.UnlockOSThread()
	for ; dir != os.TempDir() && len(dir) > 1; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	_, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
	needs.That(t, errno == 0, "setfsuid")
	defer syscall.RawSyscall(syscall.SYS_SETFSUID, 0, 0, 0) //nolint:errcheck // root may
	do()
}

func TestAReadOnlyFileIsTold(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.sqlite")
	s := open(t, path)
	save(t, s, many(0, 10)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(dir, 0o555)); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755) //nolint:errcheck // for the end of the test to remove it
	asNobody(t, dir, func() {
		os.Chmod(dir, 0o555) //nolint:errcheck // Open would succeed
		_, err := Open(t.Context(), Config{URL: "sqlite:" + path})
		wantTrouble(t, err, "pass --store sqlite:PATH in a directory that you can write to")
		reader, err := Open(t.Context(), Config{URL: "sqlite:" + path, ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		wantOrderLen(t, reader, 10)
		wantTrouble(t, reader.Save(t.Context(), Batch{Hashes: many(0, 1)}), "make it and its directory writable")
	})
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	wantOrderLen(t, open(t, path), 10)
}
