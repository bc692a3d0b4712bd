// Package socket listens at and dials Unix sockets that belong to one user, at paths of any length: the address of a
// socket has room for some hundred bytes, and data directories can be deeper.
//
// ui/api listens with it, ui/cli and ui/attach dial. It has no lock.
package socket

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// The errors of Listen that have a remedy of their own.
var (
	ErrInUse     = errors.New("a program listens at the socket")
	ErrNotSocket = errors.New("there is something that is not a socket")

	ErrNameTooLong = errors.New("the name of the socket is too long")
)

// LongestName is the longest name of a socket in its directory, in bytes.
const LongestName = 60

const (
	// maxPath is the longest path that fits into an address on every system, with the zero byte after it.
	maxPath = 103
	// dialTimeout is how long a program behind a socket has to show that it lives.
	dialTimeout = time.Second
)

// Listen opens a socket that its owner alone can use. One that a program has left behind is replaced; one at which a
// program listens is not, nor is anything that is no socket. Closing the listener removes the socket.
func Listen(path string) (net.Listener, error) {
	if len(filepath.Base(path)) > LongestName {
		return nil, ErrNameTooLong
	}
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case info.Mode().Type() != fs.ModeSocket:
		return nil, ErrNotSocket
	case Alive(path):
		return nil, ErrInUse
	default:
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	l, err := bind(path)
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // the path that it was bound to may be another one
	own, err := os.Lstat(path)
	if err != nil {
		l.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return &listener{UnixListener: l, path: path, own: own}, nil
}

// Dial connects to the program that listens at a socket.
func Dial(ctx context.Context, path string) (conn net.Conn, err error) {
	err = shortened(path, func(short string) error {
		conn, err = new(net.Dialer).DialContext(ctx, "unix", short)
		return err
	})
	return conn, err
}

// Alive reports whether a program listens at a socket. One that has no time to accept does.
func Alive(path string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	conn, err := Dial(ctx, path)
	if err != nil {
		return !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, fs.ErrNotExist)
	}
	conn.Close()
	return true
}

// shortened calls use with a path that fits into the address of a socket: path, or one through a link to its directory,
// which is there for the time of the call.
func shortened(path string, use func(short string) error) error {
	if len(path) <= maxPath {
		return use(path)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "dhtop-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) //nolint:errcheck // an empty directory at worst
	link := filepath.Join(temp, "d")
	if err := os.Symlink(dir, link); err != nil {
		return err
	}
	return use(filepath.Join(link, filepath.Base(path)))
}

// listener is a socket that knows its own path.
type listener struct {
	*net.UnixListener
	path   string
	own    os.FileInfo // of the socket
	closed sync.Once
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: l.path, Net: "unix"} }

// Close implements net.Listener. A socket that another program has put in its place stays.
func (l *listener) Close() error {
	l.closed.Do(func() {
		if now, err := os.Lstat(l.path); err == nil && os.SameFile(now, l.own) {
			os.Remove(l.path) //nolint:errcheck // nobody listens there any longer: the next program replaces it
		}
	})
	return l.UnixListener.Close()
}
