//go:build unix

package socket

import (
	"net"
	"os"
	"path/filepath"
)

// bind opens a socket that nobody else can use at any moment: it is made in a directory of its own, and moved from there
// once it has the rights that it should have. The mask of the process, which other files are made with, stays as it is.
func bind(path string) (l *net.UnixListener, err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".socket-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an empty directory at worst
	made := filepath.Join(dir, "s")
	err = shortened(made, func(short string) error {
		l, err = net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
		return err
	})
	if err != nil {
		return nil, err
	}
	if err = os.Chmod(made, 0o600); err == nil {
		err = os.Rename(made, path)
	}
	if err != nil {
		l.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return l, nil
}
