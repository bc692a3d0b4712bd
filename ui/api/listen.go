package api

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"syscall"

	"dhtop/dhtcore/human"
	"dhtop/ui/socket"
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

// listenSocket opens a Unix socket that its owner alone can use.
func listenSocket(path string) (net.Listener, error) {
	l, err := socket.Listen(path)
	switch {
	case errors.Is(err, socket.ErrNotSocket):
		return nil, fmt.Errorf("--http unix:%s exists and is not a socket: remove it, or pass another path", path)
	case errors.Is(err, socket.ErrInUse):
		return nil, fmt.Errorf("the HTTP socket %s is in use: stop the other program, or pass --http with another path or none", path)
	case errors.Is(err, socket.ErrNameTooLong):
		return nil, fmt.Errorf("--http unix:%s: the name of a socket has at most %d bytes: pass a shorter one", path, socket.LongestName)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on the socket %s for HTTP: %w: pass another --http unix:PATH", path, human.Cause(err))
	}
	return l, nil
}
