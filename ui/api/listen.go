package api

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"dhtop/dhtcore/human"
)

// unixScheme is before the path of a socket in an address.
const unixScheme = "unix:"

// SocketPath returns the path of an address that is a Unix socket, and reports whether it is one.
func SocketPath(addr string) (path string, ok bool) {
	path, ok = strings.CutPrefix(addr, unixScheme)
	if ok && path != "" {
		path = filepath.Clean(path)
	}
	return path, ok
}

// listen opens an address: host:port, or unix:PATH. Its errors are one line with a remedy.
func listen(addr string) (net.Listener, error) {
	if path, ok := SocketPath(addr); ok {
		return listenSocket(path)
	}
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the HTTP address %s is in use: stop the other program, "+
			"or pass --http with another port or none", addr)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s for HTTP: %w: pass another --http ADDR", addr, human.Cause(err))
	}
	return l, nil
}

// dialTimeout is how long a program behind a socket has to show that it lives.
const dialTimeout = time.Second

// listenSocket opens a Unix socket that its owner alone can use. One that a program has left behind is replaced; one at
// which a program listens is not, nor is anything that is no socket.
func listenSocket(path string) (net.Listener, error) {
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, socketError(path, err)
	case info.Mode().Type() != fs.ModeSocket:
		return nil, fmt.Errorf("--http unix:%s exists and is not a socket: remove it, or pass another path", path)
	case alive(path):
		return nil, fmt.Errorf("the HTTP socket %s is in use: stop the other program, or pass --http with another path or none", path)
	default:
		if err := os.Remove(path); err != nil {
			return nil, socketError(path, err)
		}
	}
	l, err := privately(func() (net.Listener, error) { return net.Listen("unix", path) })
	if err != nil {
		return nil, socketError(path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, socketError(path, err)
	}
	return l, nil
}

func socketError(path string, err error) error {
	if errors.Is(err, syscall.EINVAL) && len(path) > 100 {
		return fmt.Errorf("--http unix:%s: the path of a socket has at most some hundred bytes: pass a shorter one", path)
	}
	return fmt.Errorf("cannot listen on the socket %s for HTTP: %w: pass another --http unix:PATH", path, human.Cause(err))
}

// alive reports whether a program listens at a socket. One that has no time to accept does.
func alive(path string) bool {
	conn, err := net.DialTimeout("unix", path, dialTimeout)
	if err != nil {
		return !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, fs.ErrNotExist)
	}
	conn.Close()
	return true
}
