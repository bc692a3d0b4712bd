//go:build !unix

package socket

import "net"

// bind opens a socket, which has the rights of its directory.
func bind(path string) (l *net.UnixListener, err error) {
	err = shortened(path, func(short string) error {
		l, err = net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
		return err
	})
	return l, err
}
