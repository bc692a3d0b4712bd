package socket

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
)

// answer sends a byte to all who connect, until the listener is closed.
func answer(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		conn.Write([]byte{7}) //nolint:errcheck // the one who connects notices
		conn.Close()
	}
}

// talk takes the byte that a socket sends.
func talk(t *testing.T, path string) {
	t.Helper()
	conn, err := Dial(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	b := make([]byte, 1)
	if _, err := conn.Read(b); err != nil || b[0] != 7 {
		t.Errorf("through %s came %v, %v", path, b, err)
	}
}

func TestASocketCanBeDeepBelowTheRoot(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "Unix sockets with rights")
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 60))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "attach.sock")
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	go answer(l)
	if l.Addr().String() != path {
		t.Errorf("it says that it is at %s", l.Addr())
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("it has the mode %v, %v", info.Mode(), err)
	}
	talk(t, path)
	if _, err := Listen(path); !errors.Is(err, ErrInUse) {
		t.Errorf("a second one: %v", err)
	}
	talk(t, path)
	if _, err := Listen(filepath.Join(dir, strings.Repeat("x", LongestName+1))); !errors.Is(err, ErrNameTooLong) {
		t.Errorf("a name that no client could find: %v", err)
	}
	if err := l.Close(); err != nil || Alive(path) {
		t.Errorf("closed with %v; alive: %v", err, Alive(path))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := Dial(context.Background(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a socket that is gone: %v", err)
	}
}

func TestASocketThatAnotherHasReplacedIsNotRemoved(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "Unix sockets that outlive their program")
	path := filepath.Join(t.TempDir(), "s")
	first, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	second, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	go answer(second)
	first.Close()
	talk(t, path)
}
